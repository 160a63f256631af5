"""The whole put together: settings, addresses, sign-in, navigation, errors and the `knownto` command."""
