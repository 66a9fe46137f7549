"""What the laws that ship with veedor say on a page; their letters are in their own language."""

from __future__ import annotations

from veedor.report.words.language import noted

#: Texts of `veedor.disclosure.request.laws`, which `Words.own` translates: a test holds the two
#: together.
OF_LAWS = (
    noted(
        "This is the law of the national State. It binds the bodies of its article 7; a "
        "provincial or municipal body has a law of its own, which veedor has not read."
    ),
    noted("the body received it"),
    noted("the body told you, with reasons, that it takes longer"),
    noted("you were notified of a refusal, or received an answer that is none"),
    noted("you made your claim"),
    noted("the body received the Agency's order"),
    noted("the holder changed or deleted the data"),
    noted("A request for public information"),
    noted(
        "If the body does not hold the information, it passes the request on, and tells you to whom"
    ),
    noted("The body answers"),
    noted(
        "From this day, no answer is a refusal without reasons; so is one that is ambiguous, "
        "inexact or incomplete"
    ),
    noted(
        "Last day to claim at the Agency (AAIP), or at the body that was asked; for the "
        "bodies of article 7, b) to f), at their own organ"
    ),
    noted(
        "Article 15 counts from the end of the term to answer, article 14 from the day of "
        "notice of a refusal: whoever keeps to the earlier keeps to both."
    ),
    noted("Last day to bring the action of amparo before a court"),
    noted(
        "A claim at the Agency interrupts this term; the texts that were read do not say from"
        " when it runs again. They do not say either whether a court counts its own days off:"
        " list them to have them counted."
    ),
    noted("If the claim was made at the body that was asked, it sends it to the Agency"),
    noted("The Agency decides on the claim"),
    noted("The Agency has told you and the body what it decided"),
    noted("If the Agency ordered it, the body hands the information over"),
    noted("A person asks for the data held about them (habeas data)"),
    noted("The holder of the data answers"),
    noted(
        "From this day the action of habeas data is open, if there was no answer or an "
        "insufficient one"
    ),
    noted(
        "These articles set no last day for the action: article 37 sends it to the procedure "
        "of amparo, whose law veedor has not read. Do not wait."
    ),
    noted("From this day access may be asked for again free of charge"),
    noted(
        "An interval of exactly six months is not less than six months: this is the same day of"
        " the sixth month, or, where that month has no such day, the first of the next. It is"
        " counted from receipt; the text speaks of when the right is exercised. Whoever shows a"
        " legitimate interest need not wait."
    ),
    noted("A person asks for data about them to be rectified, updated or deleted (habeas data)"),
    noted("The holder rectifies, updates or deletes the data"),
    noted("From this day the action of habeas data is open, if it did not"),
    noted("The holder has told those who received the data"),
)
