"use strict";
// While an answer has the focus, a number key chooses one and Backspace goes back; Enter is the form's own.
document.querySelectorAll("form.judging").forEach(form => {
  form.addEventListener("keydown", event => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.type !== "radio") return;
    const chosen = /^[1-9]$/.test(event.key) ? form.querySelectorAll("input[type=radio]")[event.key - 1] : null;
    const back = event.key === "Backspace" ? form.querySelector("a[rel=prev]") : null;
    if (chosen) { chosen.checked = true; chosen.focus(); }
    if (back) back.click();
    if (chosen || back) event.preventDefault();
  });
});
