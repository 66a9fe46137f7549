"""Common given names in Spanish and English: enough to notice that a column holds persons."""

from __future__ import annotations

GIVEN_NAMES = frozenset(
    """
    aaron adam adrian agustin agustina alan alberto alejandra alejandro alexander alfredo
    alicia alvaro amanda amelia ana analia anderson andrea andres andrew angela angelica
    anna anthony antonella antonio ariel arthur ashley barbara beatriz benjamin betty
    brandon brenda brian bruno camila carla carlos carlota carmen carol carolina catalina
    catherine cecilia charles charlotte christian christina christine christopher clara
    claudia claudio constanza cristian cristina cynthia daniel daniela dario david deborah
    debra delfina denise dennis diana diego donald donna dorothy edgardo edith eduardo
    edward elena elizabeth emilia emily emma enrique eric ernesto esteban ethan eugenia
    evelyn ezequiel fabian facundo federico felipe felix fernanda fernando florencia frances
    francisca francisco frank franco gabriel gabriela gary george gerardo gloria gonzalo
    graciela gregorio gregory guadalupe guillermo gustavo hannah harold hector heather helen
    hernan horacio hugo ignacio ines irene isabel isabella ismael ivan jack jacob jacqueline
    james janet janice jason javier jeffrey jennifer jeremy jessica jesus joan joaquin joel
    john johnny jonathan jorge jose joseph joshua joyce juan juana judith julia julian
    juliana julie julieta julio justin karen karina katherine kathleen kathryn keith kelly
    kenneth kevin kimberly larry laura lautaro lawrence leandro leonardo leonel leticia
    lidia liliana linda lisa lorena lorenzo lucas lucia luciana luciano lucila luis luisa
    manuel marcela marcelo marcos margaret margarita maria mariana mariano marilyn marina
    mario marta martha martin martina mateo matias matthew mauricio maximiliano megan
    melissa mercedes michael michelle micaela miguel milagros miriam monica nahuel nancy
    natalia nathan nelida nicholas nicolas nicole noelia norma octavio olga olivia oscar
    pablo pamela patricia patricio patrick paul paula pedro peter rachel rafael ramiro ramon
    ramona raquel raul raymond rebecca ricardo richard robert roberto rocio rodolfo rodrigo
    roger roman romina ronald rosa rosario roxana ruben russell ryan samantha samuel sandra
    santiago sara sarah scott sebastian sergio sharon silvana silvia silvina sofia soledad
    sophia stella stephanie stephen steven susan susana tamara teresa theresa thiago thomas
    timothy tomas tyler valentin valentina valeria vanesa vanessa veronica vicente victor
    victoria virginia walter william xavier yamila yolanda zachary
    """.split()  # noqa: SIM905 - a list of words is read as one
)
