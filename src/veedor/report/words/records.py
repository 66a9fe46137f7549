"""Words of a record of a system: its topics, fields, states and choices."""

from __future__ import annotations

from veedor.disclosure.record import Answer
from veedor.disclosure.record.fields import BY_KEY
from veedor.report.words.language import Words, noted

TOPICS = {
    "system": noted("What it is and does"),
    "law": noted("By what right"),
    "data": noted("Which data, and for how long"),
    "access": noted("Who looks, who receives"),
    "rights": noted("What people can do"),
    "checks": noted("Whether it works, and who checks"),
}
#: Of each field its name, and what it asks.
FIELDS = {
    "description": (
        noted("What it does"),
        noted(
            "In two or three sentences: what does the system take in, what does it give out, and "
            "who acts on it?"
        ),
    ),
    "purposes": (
        noted("Purposes"),
        noted("For which purposes may it be used, and for which not?"),
    ),
    "status": (
        noted("Status"),
        noted("Is it in development, in use or out of use?"),
    ),
    "in_use_since": (
        noted("In use since"),
        noted("Since which month has it been used?"),
    ),
    "out_of_use_since": (
        noted("Out of use since"),
        noted("Since which month has it no longer been used?"),
    ),
    "supplier": (
        noted("Supplier"),
        noted("Which organisation made, supplied or trained it, and in what role?"),
    ),
    "supplier_access": (
        noted("Supplier's access to data"),
        noted("On which terms does the supplier reach the data?"),
    ),
    "method": (
        noted("How it works"),
        noted("By which method or model, and does it go on learning?"),
    ),
    "process": (
        noted("Where it stands in the work"),
        noted("In which procedure is it used, and what follows from what it gives out?"),
    ),
    "frequency": (
        noted("How long and how often"),
        noted("For how long is it meant to be used, and how often is it?"),
    ),
    "benefit": (
        noted("Expected benefit"),
        noted("What is it expected to improve, and how will that be seen?"),
    ),
    "alternatives": (
        noted("Alternatives weighed"),
        noted("Which other ways were weighed, and why were they left?"),
    ),
    "website": (
        noted("Public page"),
        noted("Where does its body tell the public of it?"),
    ),
    "source_code": (
        noted("Source code"),
        noted("Where is its source code, if it is public?"),
    ),
    "publication_category": (
        noted("Category in a register"),
        noted("Into which category does its body put it in a register of algorithms?"),
    ),
    "legal_basis": (
        noted("Legal basis"),
        noted("Which law allows it, by article?"),
    ),
    "published_provision": (
        noted("Published provision"),
        noted(
            "By which provision, published in the official gazette, was the file created or "
            "changed?"
        ),
    ),
    "registration": (
        noted("Registration"),
        noted("Is the file entered in the supervisory body's register, and under which number?"),
    ),
    "responsible": (
        noted("Responsible office"),
        noted("Which office answers for it, at which address, and to whom does it report?"),
    ),
    "proportionality": (
        noted("Proportionality"),
        noted("Why do its benefits outweigh what it costs in rights?"),
    ),
    "persons_concerned": (
        noted("Persons concerned"),
        noted("About whom does it hold or seek data: which groups, how many people?"),
    ),
    "data_categories": (
        noted("Kinds of personal data"),
        noted("Which personal data does it hold, by kind?"),
    ),
    "file_structure": (
        noted("Structure of the file"),
        noted("How is the file built, and is it electronic?"),
    ),
    "sensitive_data": (
        noted("Sensitive data"),
        noted("Does it hold or reveal sensitive data, and which law authorises that?"),
    ),
    "criminal_records": (
        noted("Criminal records"),
        noted("Does it hold records of convictions or contraventions, and under which rules?"),
    ),
    "data_sources": (
        noted("Where data come from"),
        noted(
            "From which files or bodies do the data come, and for what were they first collected?"
        ),
    ),
    "collection": (
        noted("How data are collected"),
        noted("By which means are data collected and updated?"),
    ),
    "duty_to_answer": (
        noted("Duty to provide data"),
        noted("Must people provide their data, or may they?"),
    ),
    "information_given": (
        noted("What people are told"),
        noted("What are people told when data about them are taken?"),
    ),
    "necessity": (
        noted("Need for the data"),
        noted("Why are these data, and no fewer, strictly needed?"),
    ),
    "reliability_classes": (
        noted("Classes of reliability"),
        noted("Are data classified by how reliable they are, and into which classes?"),
    ),
    "data_accuracy": (
        noted("Accuracy of the data"),
        noted("How are data kept right and up to date, and how many were found wrong?"),
    ),
    "interconnection": (
        noted("Links to other files"),
        noted("With which other files is it linked, and by which means?"),
    ),
    "retention": (
        noted("Retention"),
        noted("For how long are data kept, by kind?"),
    ),
    "deletion": (
        noted("Deletion"),
        noted("When are data destroyed or cancelled, who checks it, and how many were?"),
    ),
    "end_of_file": (
        noted("End of the file"),
        noted("What becomes of the file once it is closed?"),
    ),
    "who_may_access": (
        noted("Who may look"),
        noted(
            "Which categories of persons may look, and how many accounts are there, by force and "
            "unit?"
        ),
    ),
    "access_log": (
        noted("Log of look-ups"),
        noted("Is each look-up logged, for how long, and who reviews the log?"),
    ),
    "security": (
        noted("Security"),
        noted("By which technical and organisational means are the data kept safe?"),
    ),
    "confidentiality": (
        noted("Secrecy"),
        noted("Who is bound to secrecy, by which rule, and was anyone relieved of it?"),
    ),
    "recipients": (
        noted("Recipients"),
        noted("To whom may data go, and to whom did they go?"),
    ),
    "sharing_basis": (
        noted("Basis for passing data on"),
        noted("By consent, law or agreement: on what does each passing on rest?"),
    ),
    "access_right": (
        noted("Access to one's own data"),
        noted("How, where and in what time does a person learn which data there are about them?"),
    ),
    "rectification": (
        noted("Correction"),
        noted("How are wrong data corrected, updated or deleted on request, and who is told?"),
    ),
    "claims_office": (
        noted("Office for claims"),
        noted("Before which office are access, correction and deletion claimed?"),
    ),
    "refusals_of_access": (
        noted("Refusals of access"),
        noted("How often was access refused, by which reasoned decision, and on what grounds?"),
    ),
    "appeals": (
        noted("Complaint and review"),
        noted("How can somebody contest what followed from the system?"),
    ),
    "contact": (
        noted("Contact"),
        noted("At which office are questions answered? No person's name."),
    ),
    "accuracy_tests": (
        noted("Tests of accuracy"),
        noted("Who tested how often it is wrong, here and by group, when, and with what result?"),
    ),
    "human_review": (
        noted("Human review"),
        noted("Who checks what it gives out before anybody acts, and how often is it overruled?"),
    ),
    "information_to_reviewers": (
        noted("What reviewers see"),
        noted("What does the system show those who decide?"),
    ),
    "training": (
        noted("Training"),
        noted("Which training must those who use it have?"),
    ),
    "maintenance": (
        noted("Maintenance"),
        noted("Who maintains it, how often, and how are changes recorded?"),
    ),
    "impact_assessment": (
        noted("Impact assessment"),
        noted("Which assessment of its impact was made, and what did it find?"),
    ),
    "impact_assessment_date": (
        noted("Month of the assessment"),
        noted("In which month was it made?"),
    ),
    "impact_assessment_link": (
        noted("The assessment itself"),
        noted("Where can it be read?"),
    ),
    "risks": (
        noted("Risks"),
        noted("Which harm to whom was foreseen, and which has occurred?"),
    ),
    "risk_measures": (
        noted("What is done about them"),
        noted("What is done against those risks, and when one comes true?"),
    ),
    "oversight": (
        noted("Oversight"),
        noted("Which body apart from its users oversees it, and are its reports public?"),
    ),
}
STATES = {
    "given": noted("given"),
    "refused": noted("refused"),
    "not answered": noted("not answered"),
    "not applicable": noted("not applicable"),
}
CHOICES = {
    "in development": noted("in development"),
    "in use": noted("in use"),
    "out of use": noted("out of use"),
    "high-risk AI system": noted("high-risk AI system"),
    "impactful algorithm": noted("impactful algorithm"),
    "other algorithm": noted("other algorithm"),
}
FRAMEWORKS = {
    "ley-25326": noted("Ley 25.326 (Argentina)"),
    "eu-ai-act-27": noted("EU AI Act, article 27(1)"),
    "nl-register": noted("Register of algorithms of the Netherlands, 1.0"),
    "uk-atrs": noted("UK Algorithmic Transparency Recording Standard"),
}
#: What a register asks and the record itself says; what it asks and a record does not.
OF_THE_RECORD = {"system": noted("Name of the system"), "body": noted("Body that uses it")}
NO_FIELD = noted("no such field in a record")


def name_of(words: Words, key: str) -> str:
    """Return what a field is called; what the record itself says has no key of its own."""
    if key in FIELDS:
        return words.say(FIELDS[key][0])
    return words.say(OF_THE_RECORD.get(key, NO_FIELD))


def answered(words: Words, answer: Answer, key: str) -> str:
    """Say what was answered, in its own words; a choice in ours.

    >>> from veedor.report.words.language import words_in
    >>> answered(words_in("es"), Answer("given", "in use", "a page", "2026-11-02"), "status")
    'en uso'
    """
    if key in BY_KEY and BY_KEY[key].choices and answer.value in CHOICES:
        return words.say(CHOICES[answer.value])
    return answer.value


def sourced(words: Words, answer: Answer) -> str:
    """Say where an answer can be read, and of which day that is; of none, who was asked, if any."""
    if not answer.date:
        return ""
    day = words.day(answer.date)
    if not answer.source:
        return words.say("this record, {day}", day=day)
    if answer.state == "not answered":
        return words.say("asked on {day}: {source}", day=day, source=answer.source)
    return words.say("{source}, {day}", source=answer.source, day=day)


def shortened(words: Words, rows: list[list[str]], most: int) -> list[list[str]]:
    """Return at most so many rows of two cells, the last of which says how many more there are."""
    if len(rows) <= most:
        return rows
    more = len(rows) - most + 1
    return [*rows[: most - 1], [words.many(more, "{n} more", "{n} more"), ""]]
