"""``site.toml`` as it is first written, with its comments in a language."""

from __future__ import annotations

import json

from veedor.report.words import Words
from veedor.web.site.folder import About, Limits, Mail, Uploads, Witnesses, Work


def settings_file(words: Words, about: About) -> str:
    """Write the settings of a new site."""
    mail, witnesses, uploads, work, limits = Mail(), Witnesses(), Uploads(), Work(), Limits()
    lines = [
        "[site]",
        _line("title", about.title),
        *_comment(words.say("What people type to reach the site; https needs a proxy before it.")),
        _line("address", about.address),
        *_comment(words.say("Language of who asks for none.")),
        _line("language", about.language),
        *_comment(words.say("Times are shown in this zone.")),
        _line("time_zone", about.time_zone),
        *_comment(
            words.say(
                "How many proxies of your own stand before the site: 1 where one has the "
                "certificate. They must say who asks, in X-Forwarded-For."
            )
        ),
        f"proxies = {about.proxies}",
        "",
        "[mail]",
        *_comment(
            words.say(
                "The server that sends mail. Without one, mail is written into the folder mail/. "
                "Its password is read from the environment: VEEDOR_MAIL_PASSWORD."
            )
        ),
        _line("host", mail.host),
        f"port = {mail.port}",
        _line("user", mail.user),
        _line("sender", mail.sender),
        *_comment(words.say("Any of {choices}.", choices="starttls, tls, none")),
        _line("encryption", mail.encryption),
        "",
        "[witnesses]",
        *_comment(
            words.say(
                "Who is given checkpoints of the access log by `veedor web witness`, so that it "
                "cannot be rewritten unseen: addresses of mail, the folder of a git clone, and "
                "other sites whose checkpoints are kept here."
            )
        ),
        *_comment(
            words.say("Hours after which a worker has it done again; 0 where nobody but you does.")
        ),
        f"every_hours = {witnesses.every_hours:g}",
        "mail = []",
        _line("git", ""),
        "sites = []",
        "",
        "[uploads]",
        *_comment(words.say("MiB of one file, and of all that a project holds.")),
        f"file_mib = {uploads.file_mib}",
        f"project_mib = {uploads.project_mib}",
        *_comment(words.say("Seconds that looking at one file may take.")),
        f"clock_s = {uploads.clock_s}",
        "",
        "[work]",
        *_comment(words.say("Processes in which the forecasts of one study are made.")),
        f"processes = {work.processes}",
        *_comment(
            words.say("A job whose worker was not heard of for so many seconds is taken again.")
        ),
        f"abandoned_after_s = {work.abandoned_after_s:g}",
        *_comment(
            words.say(
                "What one job may take: MiB of memory (0 is half the machine's), seconds of "
                "processor, seconds by the clock; and MiB and files of all results of a project."
            )
        ),
        f"memory_mib = {work.memory_mib}",
        f"processor_s = {work.processor_s}",
        f"clock_s = {work.clock_s}",
        f"project_mib = {work.project_mib}",
        f"project_files = {work.project_files}",
        "",
        "[limits]",
        *_comment(
            words.say(
                "How much is answered in a minute to one address of visitors, or to one account; "
                "0 is no limit."
            )
        ),
        f"pages = {limits.pages}",
        f"api = {limits.api}",
        f"files = {limits.files}",
        f"exports = {limits.exports}",
    ]
    return "\n".join(lines) + "\n"


def _line(name: str, value: str) -> str:
    return f"{name} = {json.dumps(value, ensure_ascii=False)}"


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in text.split("\n")]
