"""The whole product as its users meet it: started by its own command, in a real browser, on the fictional borough.

`product` starts and stops it, `visitor` is somebody at a browser, `asking`, `sending`, `overseeing` and `signing_in`
hold the steps that the stories in the tests are told in, and `looking` goes through every page of every role.
"""
