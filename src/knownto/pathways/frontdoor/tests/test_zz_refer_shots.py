"""Scratch: pictures. Not committed."""
import re
from datetime import timedelta
from pathlib import Path
import pytest
from django.urls import reverse
from django.conf import settings
from playwright.sync_api import sync_playwright
from knownto.access import clock
from knownto.access.viewer import viewer_of
from knownto.partners.reads import by_sign_in_name
from knownto.pathways.frontdoor import drafts, referring, supervising, considering
from knownto.pathways.frontdoor.tests.refer import referral, signed_in, child
from knownto.pathways.frontdoor.writing import Written
import os
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]="1"
OUT=Path("/tmp/k/refer_shots"); OUT.mkdir(exist_ok=True)

def test_shots(committed, request, settings):
    live_server = request.getfixturevalue("live_server")
    settings.ALLOWED_HOSTS=["*"]; settings.SESSION_COOKIE_SECURE=False; settings.CSRF_COOKIE_SECURE=False
    from knownto.town.living import found
    now=clock.now()
    found("small", now=now-timedelta(days=30))
    who={n:viewer_of(by_sign_in_name(n),second_factor=True) for n in ("officer","police.supervisor")}
    off=who["officer"]
    a=referring.send(by=off,referral=referral(),intent="a",now=now-timedelta(days=2))
    b=referring.send(by=off,referral=referral(level_why="",children=(child(words=""),)),intent="b",now=now-timedelta(hours=3))
    supervising.mark(by=who["police.supervisor"],episode=a.episode,marks={c.code:3 for c in supervising.rubric()},note="Good: his own words.",now=now)
    considering.record(by=off,considered=considering.Considered(child().evidence,"refer","Bruise","He fell"),now=now)
    d=drafts.begin(by=off,written=Written("child","police",once={"urgency_asked":"amber","what_happened":"Shouting","level_thought":"2","wants":"Visit"},children=({"given":"Tobias","family":"Wrenshaw","born_day":"4","born_month":"3","born_year":"2016"},),adults=({"given":"Dawn","family":"Wrenshaw","role":"parent"},)),now=now)
    R=reverse
    shots=[("officer","start",R("frontdoor:refer")),("officer","overview",R("frontdoor:refer-overview",args=[d])),
      ("officer","check",R("frontdoor:refer-check",args=[d])),("officer","drafts",R("frontdoor:drafts")),("officer","sent",R("frontdoor:sent")),
      ("officer","one",R("frontdoor:sent-one",args=[a.episode])),("officer","receipt",R("frontdoor:receipt",args=[b.episode])),("officer","considered",R("frontdoor:considered"))]
    shots+=[("officer",f"p-{c}",R("frontdoor:refer-page",args=[d,c])) for c in ("urgent","happened","consent","wants","reach")]
    shots+=[("officer",f"p-{c}",R("frontdoor:refer-each",args=[d,c,1])) for c in ("child","adult","voice","life","factors")]
    shots+=[("police.supervisor","s-queue",R("frontdoor:supervise")),("police.supervisor","s-one",R("frontdoor:supervise-one",args=[b.episode])),("police.supervisor","s-trends",R("frontdoor:supervise-trends")),("police.supervisor","s-video",R("frontdoor:supervise-video")),("police.supervisor","s-considered",R("frontdoor:supervise-considered"))]
    with sync_playwright() as p:
        browser=p.chromium.launch(executable_path="/usr/bin/chromium",args=["--no-sandbox"])
        for width in (1280,320):
            for person in ("officer","police.supervisor"):
                client=signed_in(person)
                ctx=browser.new_context(viewport={"width":width,"height":900})
                ctx.add_cookies([{"name":k,"value":m.value,"url":live_server.url} for k,m in client.cookies.items()])
                page=ctx.new_page()
                msgs=[]
                page.on("console",lambda m:msgs.append(m.text))
                for w,name,at in shots:
                    if w!=person: continue
                    page.goto(live_server.url+at)
                    page.screenshot(path=str(OUT/f"{name}-{width}.png"),full_page=True)
                    over=page.evaluate("document.documentElement.scrollWidth>document.documentElement.clientWidth")
                    print(name,width,page.title(),"OVERFLOW" if over else "")
                if person=="officer" and width==1280:
                    page.goto(live_server.url+R("frontdoor:refer-page",args=[d,"happened"]))
                    page.fill("#id_what_happened","Typed and not sent by hand.")
                    page.press("#id_what_happened","Tab")
                    page.wait_for_function("document.querySelector('[data-autosave-said]').textContent.startsWith('Saved')",timeout=20000)
                    print("AUTOSAVE", page.inner_text("[data-autosave-said]"), drafts.own(off,d).written.once["what_happened"])
                print(msgs[:10])
                ctx.close()
        browser.close()
