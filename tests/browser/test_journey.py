"""A whole case, as those who work on it live it: an officer refers, everybody is told what came of it."""

from tests.browser.at_work import RATIONALE, Practitioner, Referrer, the_clock

TYPED = {
    "urgent": {"urgency_asked": "red", "significant_harm": "on"},
    "child": {
        "given": "Ottokar", "family": "Vellacott", "born_day": 4, "born_month": 3, "born_year": 2016,
        "address": "9 Tannery Yard", "postcode": "QK1 2AB", "school": "school-01",
    },
    "adult": {"given": "Imelda", "family": "Vellacott", "role": "parent", "parental_responsibility": "yes"},
    "happened": {"what_happened": "A neighbour rang. Ottokar has a mark on his arm like a hand. Nobody explains it."},
    "voice": {"seen": "heard", "words": "It was my fault because I was slow.", "words_how": "Alone in the kitchen."},
    "life": {"impact": "He does not want to go home, and has stopped talking at school."},
    "consent": {"consent": "unsafe", "consent_why": "He could be told what to say."},
    "wants": {"wants": "Somebody to see him today.", "level_thought": "4", "level_why": "It is the second mark."},
    "reach": {"writer_phone": "01632 960101", "video": "yes", "video_reference": "BWV-20771"},
}  # fmt: skip


def test_from_the_officer_who_worries_to_everybody_who_is_told(given_a):
    # An officer refers, and has a reference as soon as it is stored.
    officer = given_a("officer", kind=Referrer)
    officer.when_she_begins().when_she_goes_through_the_pages(TYPED)
    officer.then_she_reads("It was my fault because I was slow.").clicks("Send the referral")
    reference = officer.then_it_is_stored()

    # Her supervisor sees it, and says how good it was.
    supervisor = given_a("police.supervisor", kind=Practitioner)
    supervisor.goes_to("/front-door/supervise/").then_she_reads(reference).follows(reference)
    supervisor.then_she_reads("It was my fault because I was slow.")

    # The hub takes it in hand, says how the family stands, and asks the school and health.
    screener = given_a("screener", kind=Practitioner)
    screener.opens_the_work(reference)
    work = screener.work
    screener.goes_to(f"{work}screen/").takes_it_back_from_the_night_if_it_is_night()
    screener.clicks("Take it in hand").then_she_reads("Sunita Rao")

    # A manager finds reasonable cause, so that partners may be asked without agreement.
    manager = given_a("hub.manager", kind=Practitioner)
    manager.goes_to(f"{work}checks/cause/").chooses("says", "yes").fills(why="The mark, and what he says.")
    manager.page.locator("main form button").first.click()

    screener.goes_to(f"{work}checks/ask/").chooses("purpose", "section-47")
    screener.ticks("partners", "school", "hospital")
    screener.fills_in(worry="A mark on his arm that nobody explains.")
    screener.fills_in(why_school="He goes there.", why_hospital="He may have been seen for other marks.")
    if screener.page.locator('select[name="team_school"]').count():
        screener.page.locator('select[name="team_school"]').select_option(index=1)
    for each in screener.page.locator('input[name="about"]').all():
        each.check()
    screener.chooses("urgency", "red").clicks("Ask them")
    screener.then_she_reads("Safeguarding children nurses")

    # The school answers.
    school = given_a("school.lead", kind=Practitioner)
    school.opens_the_newest_notice("Somebody asks your team for something")
    school.answers("He has come late all week, and drew a house without doors.")
    school.then_she_reads("Your answer has been sent")

    # Health puts together what it has, says what it means, and signs it by name.
    nurse = given_a("hub.health", kind=Practitioner)
    nurse.opens_the_newest_notice("Somebody asks your team for something")
    nurse.clicks("Say what a source holds")
    nurse.chooses("source", "hospital").chooses("found", "known")
    nurse.fills(summary="Seen in the spring with a burn that was older than was said.").clicks("Add")
    nurse.clicks("Analyse and sign")
    nurse.fills(
        means="Two injuries in a year with explanations that do not fit them.",
        significance="High: a pattern, and a child who blames himself.",
        gaps="Nobody has seen his back.",
    )
    nurse.fills(role="Named nurse").page.locator('input[name="signed"]').check()
    nurse.clicks("Sign and send")

    # The manager decides that a strategy discussion is needed, and calls it.
    manager.goes_to(f"{work}decide/strategy/").fills_in(**RATIONALE)
    if manager.page.locator('input[name="level"][value="4"]').count():
        manager.chooses("level", "4")
    manager.fills_in(override_why="It is more than it seemed when it was sent.")
    manager.clicks("Record this decision")
    manager.page.get_by_role("listitem").filter(has_text="It led to").get_by_role("link").first.click()
    protection = manager.work
    manager.goes_to(f"{protection}meetings/call/strategy/").ticks("concerns", "physical")
    manager.fills_in(**the_clock(30), minutes=45, where="Room 4", agenda="A mark that nobody explains")
    manager.page.locator("main form button").last.click()

    # Health is invited, and finds the discussion in a calendar file that names nobody.
    nurse.goes_to("/front-door/discussions/").then_she_reads("Not answered yet")

    # It is held, section 47 begins, and the minutes go out.
    manager.goes_to(protection)
    manager.page.locator('main a[href*="/meetings/"]:not([href*="/call/"])').first.click()
    meeting = manager.path
    manager.goes_to(f"{meeting}hold/")
    for each in manager.page.locator('input[name^="came_"][value="came"]').all():
        each.check()
    manager.fills_in(**the_clock(-1), discussed="The mark, the drawing, the burn. A joint visit today.")
    manager.chooses("investigation", "later")
    manager.page.locator("main form button").last.click()
    manager.goes_to(f"{protection}protection/decide/enquire/?meeting={meeting.split('/')[-2]}").fills_in(**RATIONALE)
    manager.chooses("level", "4").chooses("enquiry", "joint").clicks("Record this decision")
    manager.goes_to(f"{meeting}minutes/")
    manager.page.locator("main textarea").first.fill("Present: all who were invited. Agreed: a joint enquiry, today.")
    manager.page.locator("main form button").last.click()
    manager.goes_to(protection).then_she_reads("Section 47 enquiry")

    # Everybody is told: those who met have the minutes, and the officer the outcome, in words that tell no more.
    nurse.goes_to(meeting).then_she_reads("Agreed: a joint enquiry, today.")
    officer.goes_to("/front-door/sent/").follows(reference)
    officer.then_she_reads("child protection procedures")
    officer.then_she_does_not_read("drew a house without doors", "older than was said")
