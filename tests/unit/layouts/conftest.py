"""Made-up files as the portals publish them, small, each with the quirks of its layout."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from veedor.incidents import Category, Reading, Source, read
from veedor.incidents.layouts import find_layout

BUENOS_AIRES_2019 = """\
id,fecha,franja_horaria,tipo_delito,subtipo_delito,cantidad_registrada,comuna,barrio,lat,long
1,2019-03-01,14,Robo (con violencia),,1,1,Retiro,-34.59,-58.37
2,2019-03-01,0,Robo (con violencia),,1,1,RETIRO,-34.591,-58.371
3,2019-03-02,22,Hurto (sin violencia),,1,,,,
"""
BUENOS_AIRES_2023 = """\
\ufeffid-mapa;anio;mes;dia;fecha;franja;tipo;subtipo;uso_arma;uso_moto;barrio;comuna;latitud;longitud;cantidad
1;2023;MARZO;MIERCOLES;2023-03-01;NO ESPECIFICADA;Robo;Robo total;NO;NO;Nuñez;13;-34540123;-58460456;1
2;2023;MARZO;MIERCOLES;01/03/2023;14;Robo;Robo total;SI;NO;NUÑEZ;13;-34,541;-58,461;3
2;2023;MARZO;MIERCOLES;01/03/2023;14;Robo;Robo total;SI;NO;NUNEZ;13;-34,541;-58,461;3
3;2023;MARZO;JUEVES;2023-03-02;noche;Hurto;Hurto total;NO;NO;SD;0;0;0;1
4;2023;MARZO;JUEVES;2023-03-02;SD;Hurto;Hurto total;NO;NO;NULL;NULL;NULL;NULL;1
5;2023;MARZO;JUEVES;2023-03-02;23.0;Hurto;Hurto total;NO;NO;Palermo;14;Sin geo;Sin geo;0
6;2023;MARZO;JUEVES;2023-03-02;18-20;NULL;Hurto total;NO;NO;Palermo;14;-34.58;-58.42;1
7;2023;MARZO;JUEVES;2023-03-02;18-20;Hurto;Hurto total;NO;NO;Palermo;14;-3.458;-58.42;1
8;2023;MARZO;JUEVES;2023-03-02;8;Hurto;Hurto total;NO;NO;Palermo;14;-34.58;-58.42;2,5
"""
CHICAGO = """\
ID,Case Number,Date,Block,IUCR,Primary Type,Description,Location Description,Arrest,Domestic,Beat,\
District,Ward,Community Area,FBI Code,X Coordinate,Y Coordinate,Year,Updated On,Latitude,Longitude,Location
11,JA1,03/04/2022 11:30:00 PM,001XX N STATE ST,0820,THEFT,$500 AND UNDER,STREET,false,false,0111,\
001,42,32,06,1176000,1901000,2022,03/12/2022 04:00:00 PM,41.88,-87.63,"(41.88, -87.63)"
12,JA2,2022-03-05T01:15:00.000,001XX N STATE ST,0265,CRIM SEXUAL ASSAULT,OTHER,STREET,false,false,\
0111,001,42,32,02,,,2022,03/12/2022 04:00:00 PM,,,
13,JA3,03/06/2022 12:00:00 AM,001XX N STATE ST,1811,NARCOTICS,POSSESS,STREET,true,false,0111,001,42,\
32,18,0,0,2022,03/12/2022 04:00:00 PM,36.61956,-91.686566,
"""
NEW_YORK = """\
CMPLNT_NUM,ADDR_PCT_CD,BORO_NM,CMPLNT_FR_DT,CMPLNT_FR_TM,CMPLNT_TO_DT,CMPLNT_TO_TM,RPT_DT,KY_CD,\
OFNS_DESC,LAW_CAT_CD,SUSP_AGE_GROUP,SUSP_RACE,SUSP_SEX,VIC_AGE_GROUP,VIC_RACE,VIC_SEX,Latitude,Longitude
100,14,MANHATTAN,03/04/2022,22:00:00,03/05/2022,06:30:00,03/05/2022,107,BURGLARY,FELONY,(null),\
(null),(null),25-44,WHITE,F,40.75,-73.99
101H1,14,MANHATTAN,2022-03-04T00:00:00.000,13:05:00,,(null),2022-03-04T00:00:00.000,341,PETIT \
LARCENY,MISDEMEANOR,,,,,,,40.751,-73.991
100,14,MANHATTAN,03/04/2022,22:00:00,03/05/2022,06:30:00,03/05/2022,107,BURGLARY,FELONY,(null),\
(null),(null),25-44,WHITE,F,40.75,-73.99
102,14,MANHATTAN,05/01/1019,10:00:00,(null),(null),03/05/2022,107,BURGLARY,FELONY,,,,,,,40.75,-73.99
103,14,MANHATTAN,03/09/2022,10:00:00,03/08/2022,10:00:00,03/10/2022,107,BURGLARY,FELONY,,,,,,,40.75,\
-73.99
104,14,MANHATTAN,03/09/2022,10:00:00,,,03/10/2022,107,(null),FELONY,,,,,,,40.75,-73.99
"""
LOS_ANGELES = """\
DR_NO,Date Rptd,DATE OCC,TIME OCC,AREA,AREA NAME,Rpt Dist No,Part 1-2,Crm Cd,Crm Cd Desc,Mocodes,\
Vict Age,Vict Sex,Vict Descent,Premis Cd,Premis Desc,Status,LOCATION,LAT,LON
200100001,01/08/2020 12:00:00 AM,01/07/2020 12:00:00 AM,5,1,Central,101,1,510,VEHICLE - STOLEN,,0,,,\
101,STREET,IC,100 MAIN ST,34.05,-118.24
200100002,01/08/2020 12:00:00 AM,01/07/2020 12:00:00 AM,45,1,Central,101,1,510,VEHICLE - STOLEN,,35,M,\
H,101,STREET,IC,100 MAIN ST,34.05,-118.24
200100003,2020-01-09T00:00:00.000,2020-01-07T00:00:00.000,0130,1,Central,101,1,330,BURGLARY FROM \
VEHICLE,,35,F,W,101,STREET,IC,100 MAIN ST,0,0
200100004,01/10/2020 12:00:00 AM,01/07/2020 12:00:00 AM,2130,1,Central,101,1,330,BURGLARY FROM \
VEHICLE,,,,,101,STREET,IC,100 MAIN ST,34.06,-118.25
"""
SAN_FRANCISCO = """\
Incident Datetime,Incident Date,Incident Time,Report Datetime,Row ID,Incident ID,Incident Number,\
Report Type Code,Report Type Description,Incident Code,Incident Category,Incident Subcategory,\
Latitude,Longitude
2023/03/01 11:00:00 PM,2023/03/01,23:00,2023/03/02 08:00:00 AM,90106244,901,230001,II,Initial,06244,\
Larceny Theft,Larceny - From Vehicle,37.78,-122.41
2023/03/01 11:00:00 PM,2023/03/01,23:00,2023/03/02 08:00:00 AM,90106304,901,230001,II,Initial,06304,\
Larceny Theft,Larceny Theft - Other,37.78,-122.41
2023/03/01 11:00:00 PM,2023/03/01,23:00,2023/03/02 08:00:00 AM,90105041,901,230001,II,Initial,05041,\
Burglary,Burglary - Other,37.78,-122.41
2023/03/01 11:00:00 PM,2023/03/01,23:00,2023/03/05 08:00:00 AM,95505041,955,230001,IS,\
Initial Supplement,05041,Burglary,Burglary - Other,37.78,-122.41
2023-03-03T10:00:00.000,2023-03-03,10:00,2023-03-03T11:00:00.000,90206244,902,230002,VI,\
Coplogic Initial,06244,Larceny Theft,Larceny - From Vehicle,,
"""
MEXICO_CITY = """\
anio_inicio,mes_inicio,fecha_inicio,hora_inicio,anio_hecho,mes_hecho,fecha_hecho,hora_hecho,delito,\
categoria_delito,competencia,fiscalia,agencia,unidad_investigacion,colonia_hecho,colonia_catalogo,\
alcaldia_hecho,alcaldia_catalogo,municipio_hecho,latitud,longitud
2019,Enero,2019-01-02,09:30:00,2019,Enero,2019-01-01,22:00:00,ROBO A TRANSEUNTE,ROBO A TRANSEÚNTE EN \
VÍA PÚBLICA CON Y SIN VIOLENCIA,FUERO COMUN,F,A,U,CENTRO,Centro,CUAUHTEMOC,Cuauhtémoc,CDMX,19.43,-99.13
2019,Enero,2019-01-02,09:30:00,1906,Enero,1906-01-01,12:00:00,FRAUDE,DELITO DE BAJO IMPACTO,FUERO \
COMUN,F,A,U,NA,NA,NA,NA,NA,NA,NA
2019,Enero,2019-01-03,NA,2019,Enero,2019-01-03,NA,FRAUDE,DELITO DE BAJO IMPACTO,FUERO COMUN,F,A,U,\
NA,NA,NA,NA,NA,NA,NA
2019,Enero,2019-01-03,10:00:00,NA,NA,NA,NA,FRAUDE,DELITO DE BAJO IMPACTO,FUERO COMUN,F,A,U,NA,NA,NA,NA,\
NA,19.4,-99.1
"""
MEXICO_CITY_2020 = """\
_id,ao_hechos,mes_hechos,fecha_hechos,ao_inicio,mes_inicio,fecha_inicio,delito,fiscalia,agencia,\
unidad_investigacion,categoria_delito,calle_hechos,colonia_hechos,alcaldia_hechos,competencia,longitud,latitud
1,2020,Junio,2020-06-21 22:15:00,2020,Julio,2020-07-18T19:29:55,FRAUDE,F,A,U,DELITO DE BAJO IMPACTO,\
C,C,TLALPAN,FUERO COMUN,-99.16,19.29
"""
POLICE_UK = """\
Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,\
Last outcome category,Context
ab12,2023-02,Avon and Somerset Constabulary,Avon and Somerset Constabulary,-2.5,51.41,On or near High \
Street,E01014399,Bath 001A,Burglary,Under investigation,
,2023-03,Avon and Somerset Constabulary,Avon and Somerset Constabulary,-2.5,51.41,On or near High \
Street,E01014399,Bath 001A,Anti-social behaviour,,
cd34,2023-03,Avon and Somerset Constabulary,Avon and Somerset Constabulary,,,No Location,,,Burglary,,
"""


@pytest.fixture
def read_as(tmp_path: Path) -> Callable[..., Reading]:
    """Read texts as files of a layout; the categories are name -> raw values."""

    def reading(layout: str, categories: dict[str, tuple[str, ...]], *texts: str | Path) -> Reading:
        paths = []
        for number, text in enumerate(texts):
            if isinstance(text, Path):
                paths.append(str(text))
                continue
            path = tmp_path / f"raw{number}.csv"
            path.write_text(text, encoding="utf-8")
            paths.append(str(path))
        known = find_layout(layout)
        return read(
            Source(
                paths=tuple(paths),
                columns=known.with_columns({}),
                categories=tuple(
                    Category(name, "reported", values) for name, values in categories.items()
                ),
                time_zone=known.time_zone,
                crs=known.crs,
                layout=known,
            )
        )

    return reading


def local(reading: Reading, times: np.ndarray) -> list[str]:
    """Instants as local civil time, to the minute."""
    from veedor.incidents.clocks import LocalClock

    clock = LocalClock(reading.source.time_zone)
    micros = clock.to_local(times.astype("datetime64[us]").astype(np.int64))
    return [str(one) for one in micros.view("datetime64[us]").astype("datetime64[m]")]
