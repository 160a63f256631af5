"""Where the board, and what is decided from it, hangs under the front door."""

from django.urls import path

from knownto.pathways.frontdoor.pages import board, decide, find, levels, screen, support, thresholds
from knownto.policy import Permission

NAVIGATION: list[tuple[str, str, Permission, str]] = [
    (
        "Board",
        "frontdoor:board",
        Permission.BOARD,
        "Everything that is open at the front door, what is due next first.",
    ),
    ("Find work", "frontdoor:find", Permission.WORK, "Find a piece of work by its reference, or by who the child is."),
    (
        "Thresholds",
        "frontdoor:thresholds",
        Permission.INSPECT,
        "What each agency sends, and at which level it is decided.",
    ),
]

urlpatterns = [
    path("board/", board.board, name="board"),
    path("board/list.csv", board.board_csv, name="board-csv"),
    path("find/", find.find, name="find"),
    path("thresholds/", thresholds.thresholds, name="thresholds"),
    path("levels/", levels.levels, name="levels"),
    path("levels/<int:level>/", levels.change, name="levels-change"),
    path("<uuid:episode>/screen/", screen.screen, name="screen"),
    path("<uuid:episode>/screen/<slug:act>/", screen.act, name="screen-act"),
    path("<uuid:episode>/take-apart/", screen.take_apart, name="take-apart"),
    path("<uuid:episode>/decide/", decide.decide, name="decide"),
    path("<uuid:episode>/decide/<slug:move>/", decide.decide_one, name="decide-one"),
    path("<uuid:episode>/support/worker/", support.allocate, name="support-allocate"),
    path("<uuid:episode>/support/<slug:move>/", support.move, name="support-move"),
]
