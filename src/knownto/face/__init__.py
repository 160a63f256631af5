"""How a page looks: layouts, components, the form renderer and charts, in the style of GOV.UK.

Nothing here knows what the pages are about. Every page works without JavaScript, by keyboard, at 320 px,
printed, and under a content security policy with no inline style or script. README.md beside this file shows
each piece in use.

Other modules may use:
- templates to extend: `face/one_thing.html`, `face/page.html`, `face/board.html`, `face/print.html`
- `{% load face %}`: the components (table, summary_list, tag, notification, due, footprint_strip ...)
- `knownto.face.forms`: Form, Group, Option, the fields, and Renderer for the setting FORM_RENDERER
- `knownto.face.parts`: what the components are given (Table, Column, Line, Row, Task, Link, SignedIn ...)
- `knownto.face.charts`: FootprintStrip, Bars
- `knownto.face.times`: a time limit as a time and a distance
- `knownto.face.sheets`: a Table as a CSV download that runs nothing
- `knownto.face.dates`: the error that marks one piece of a date
- `python -m knownto.face.build`: writes the stylesheet and scripts of the published design systems
"""
