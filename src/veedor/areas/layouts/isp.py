"""What the monthly bases of Rio de Janeiro's Instituto de Segurança Pública have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from veedor.areas.breaks import Crossing, SeriesBreak
from veedor.areas.edition import Edition
from veedor.areas.layouts.cells import edition_of
from veedor.areas.layouts.file import AreaFile
from veedor.areas.layouts.numbers import Counted
from veedor.areas.layouts.rows import Rows
from veedor.areas.layouts.states import blank_before
from veedor.areas.names import Offence, Sum, Sums
from veedor.areas.spans import Spans
from veedor.areas.states import Unit
from veedor.errors import phrase

#: Code -> title of the publisher, for victims, records of stations, and what police go looking for.
_VICTIMS = {
    "hom_doloso": "Homicídio doloso",
    "lesao_corp_morte": "Lesão corporal seguida de morte",
    "latrocinio": "Latrocínio (roubo seguido de morte)",
    "cvli": "Crimes violentos letais intencionais",
    "feminicidio": "Feminicídio",
    "letalidade_violenta": "Letalidade violenta",
    "tentat_hom": "Tentativa de homicídio",
    "tentativa_feminicidio": "Tentativa de feminicídio",
    "lesao_corp_dolosa": "Lesão corporal dolosa",
    "estupro": "Estupro",
    "hom_culposo": "Homicídio culposo (trânsito)",
    "lesao_corp_culposa": "Lesão corporal culposa (trânsito)",
    "ameaca": "Ameaça",
    "pessoas_desaparecidas": "Pessoas desaparecidas",
    "pol_militares_mortos_serv": "Policiais militares mortos em serviço",
    "pol_civis_mortos_serv": "Policiais civis mortos em serviço",
}
_RECORDS = {
    "roubo_transeunte": "Roubo a transeunte",
    "roubo_celular": "Roubo de aparelho celular",
    "roubo_em_coletivo": "Roubo em coletivo",
    "roubo_rua": "Roubo de rua",
    "roubo_veiculo": "Roubo de veículo",
    "roubo_carga": "Roubo de carga",
    "roubo_comercio": "Roubo a estabelecimento comercial",
    "roubo_residencia": "Roubo a residência",
    "roubo_banco": "Roubo a banco",
    "roubo_cx_eletronico": "Roubo de caixa eletrônico",
    "roubo_conducao_saque": "Roubo com condução da vítima para saque",
    "roubo_apos_saque": "Roubo após saque em instituição financeira",
    "roubo_bicicleta": "Roubo de bicicleta",
    "outros_roubos": "Outros roubos",
    "total_roubos": "Total de roubos",
    "furto_veiculos": "Furto de veículos",
    "furto_transeunte": "Furto a transeunte",
    "furto_coletivo": "Furto em coletivo",
    "furto_celular": "Furto de aparelho celular",
    "furto_bicicleta": "Furto de bicicleta",
    "outros_furtos": "Outros furtos",
    "total_furtos": "Total de furtos",
    "sequestro": "Sequestro (extorsão mediante sequestro)",
    "extorsao": "Extorsão",
    "sequestro_relampago": "Sequestro relâmpago",
    "estelionato": "Estelionato",
    "encontro_cadaver": "Encontro de cadáver",
    "encontro_ossada": "Encontro de ossada",
}
_DISCOVERED = {
    "apreensao_drogas": "Apreensão de drogas",
    "posse_drogas": "Posse de drogas",
    "trafico_drogas": "Tráfico de drogas",
    "apreensao_drogas_sem_autor": "Apreensão de drogas sem autor",
    "recuperacao_veiculos": "Recuperação de veículos",
    "apf": "Auto de prisão em flagrante",
    "aaapai": "Auto de apreensão de adolescente por ato infracional",
    "cmp": "Cumprimento de mandado de prisão",
    "cmba": "Cumprimento de mandado de busca e apreensão",
    "registro_ocorrencias": "Registros de ocorrência",
}
_OFFENCES = {
    **{code: Offence(code, name, Unit.VICTIMS) for code, name in _VICTIMS.items()},
    **{code: Offence(code, name, Unit.RECORDS) for code, name in _RECORDS.items()},
    **{code: Offence(code, name, Unit.RECORDS, "discovered") for code, name in _DISCOVERED.items()},
    "hom_por_interv_policial": Offence(
        "hom_por_interv_policial",
        "Morte por intervenção de agente do Estado",
        Unit.VICTIMS,
        "discovered",
    ),
}
_FEMICIDE = date(2024, 10, 1)
_PHASES = ("2", "3")
_FEMICIDE_CODES = ("feminicidio", "tentativa_feminicidio")
_THEFTS_MOVED = date(2019, 1, 1)
_ROBBERIES = (
    *("roubo_rua", "roubo_veiculo", "roubo_carga", "roubo_comercio", "roubo_residencia"),
    *("roubo_banco", "roubo_cx_eletronico", "roubo_conducao_saque", "roubo_apos_saque"),
    *("roubo_bicicleta", "outros_roubos"),
)
_THEFTS = (
    *("furto_veiculos", "furto_transeunte", "furto_coletivo", "furto_celular", "furto_bicicleta"),
    "outros_furtos",
)
SUMS = Sums(
    (
        Sum("cvli", ("hom_doloso", "lesao_corp_morte", "latrocinio")),
        Sum("letalidade_violenta", ("cvli", "hom_por_interv_policial"), until=_FEMICIDE),
        Sum(
            "letalidade_violenta",
            ("cvli", "hom_por_interv_policial", "feminicidio"),
            since=_FEMICIDE,
        ),
        Sum("roubo_rua", ("roubo_transeunte", "roubo_celular", "roubo_em_coletivo")),
        Sum("total_roubos", _ROBBERIES, since=_THEFTS_MOVED),
        Sum("total_furtos", _THEFTS, since=_THEFTS_MOVED),
    )
)


def _crossing(code: str, name: str, before: str, part: str) -> Crossing:
    return Crossing(Offence(code, name, Unit.VICTIMS), (before,), (before, part))


#: The edition of January 2026 is the first that has it.
BREAK = SeriesBreak(
    _FEMICIDE,
    phrase(
        "Femicide and attempted femicide are no longer within homicide and its attempts: editions "
        "from that of January 2026 on print them apart, back to October 2024"
    ),
    "Instituto de Segurança Pública (Lei 14.994/2024)",
    offences=("hom_doloso", "cvli", "tentat_hom", *_FEMICIDE_CODES),
    published_from=date(2026, 2, 1),
    crossings=(
        _crossing(
            "hom_doloso_feminicidio", "Homicídio doloso e feminicídio", "hom_doloso", "feminicidio"
        ),
        _crossing(
            "cvli_feminicidio",
            "Crimes violentos letais intencionais e feminicídio",
            "cvli",
            "feminicidio",
        ),
        _crossing(
            "tentat_hom_feminicidio",
            "Tentativa de homicídio e de feminicídio",
            "tentat_hom",
            "tentativa_feminicidio",
        ),
    ),
)


def load(file: AreaFile, names: Mapping[str, str]) -> tuple[Rows, tuple[Offence, ...]]:
    """Load a file, with further columns (name -> field); return its offences too."""
    codes = [code for code in _OFFENCES if file.has(code)]
    rows = Rows.load(
        file,
        area=file.text("area"),
        day=file.month("year", "month"),
        counts=[Counted(file.headers[code], code) for code in codes],
        others={name: file.text(field) for name, field in names.items()},
    )
    rows.refuse_others("phase", _PHASES)
    return rows, tuple(_OFFENCES[code] for code in codes)


def edition(rows: Rows, areas: Iterable[str], offences: Sequence[Offence], spans: Spans) -> Edition:
    """Put the rows into cells; femicide does not apply before the law, where it is blank."""
    edition = edition_of(
        rows,
        areas=list(areas),
        offences=[one.code for one in offences],
        spans=spans,
        provisional="phase = '2'",
    )
    of_law = np.array([one.code in _FEMICIDE_CODES for one in offences])
    before = spans.starts < np.datetime64(_FEMICIDE)
    return blank_before(edition, before[:, None, None] & of_law[None, :, None])


LICENCE = phrase("not stated on the page of the files; ask the institute before passing them on")
PAGE = "https://www.ispdados.rj.gov.br/estatistica.html"
STATES = phrase(
    "A 0 was counted. A blank or a missing row was not reported, but for femicide and attempted "
    "femicide before October 2024, which did not apply. Rows of phase 2 are provisional, of phase "
    "3 consolidated"
)
QUIRKS = (
    phrase(
        "A record belongs to the month in which it was written at the station, not to that of the "
        "incident; but to the area in which the incident happened, wherever it was written"
    ),
    phrase(
        "A month is usually out by the 18th of the next one: the rule takes that month's last day"
    ),
    phrase("Consolidated cells are revised too, up and down"),
    phrase(
        "Arrests, seizures, recovered vehicles, deaths by police and the number of all records "
        "show what police did: they are never forecast"
    ),
    phrase(
        "Total robberies and total thefts are the sums of their parts from 2019 on, but for single "
        "records in six cells of 2021; before, they share them otherwise"
    ),
    phrase("The file says no unit: victims or records is after the publisher's titles"),
)
CODES = {code: (code,) for code in _OFFENCES}
