"""Where each worker sits: the one session that is theirs."""

from django.db import models


class Seat(models.Model):
    """A worker's current session, by a number that it carries: signing in elsewhere takes the seat."""

    worker = models.UUIDField(primary_key=True)
    number = models.UUIDField()
