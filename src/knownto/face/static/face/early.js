// Runs before the page is drawn, so that answers which JavaScript will hide are not seen to flash.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
