"""Common given names and surnames in Spanish, Portuguese and English: enough to notice persons."""

from __future__ import annotations

GIVEN_NAMES = frozenset(
    """
    aaron abigail adam adrian adriana agustin agustina aiden aisha alan alberto alejandra
    alejandro alexander alexis alfredo ali alicia aline alma alondra alvaro amanda amelia amparo
    ana analia anderson andre andrea andres andrew angela angelica anibal anna anthony antonella
    antonio araceli ariel armando arthur arturo ashley aurora ayelen barbara beatriz benicio
    benito benjamin bernardo betty braian brandon brayan brenda brian brittany bruno caio
    caitlin camila camilo candela carla carlos carlota carmelo carmen carol carolina cassandra
    catalina catherine cecilia celeste celia charles charlotte chloe christian christina
    christine christopher clara clarisa claudia claudio constanza consuelo courtney cristian
    cristina cristobal cynthia dalila damaris damian daniel daniela danielle danilo dario
    darnell darren david deborah debra delfina denise dennis deshawn diana diane diego donald
    donna doris dorothy dylan edgar edgardo edith edson eduarda eduardo edward efrain elena
    elias elijah elisa elizabeth elsa elvira emanuel emilia emiliano emilio emily emma enrique
    eric erica ernestina ernesto esteban estefania estela esther ethan eugenia eva evangelina
    evelyn ezequiel fabian facundo fatima fausto federico felipe felix fermin fernanda fernando
    fidel flavia flavio florencia frances francisca francisco franco frank freddy gabriel
    gabriela gael gary genesis george geraldo gerardo gilberto giovanni gisela giselle gloria
    gonzalo graciela grecia gregorio gregory greta guadalupe guillermo gustavo gwendolyn hannah
    harold hassan heather hector helen hernan hilda horacio hugo humberto ian ibrahim ignacio
    iker imani ines ingrid irene irma isaac isabel isabella isaiah isaias ismael israel ivan
    jacinto jack jacob jacqueline jaime jamal james janet janice jasmine jason javier jazmin
    jeff jeffrey jennifer jenny jeremy jerry jessica jesus jimena joan joana joao joaquin joe
    joel johanna john johnny jonas jonatan jonathan jordana jorge jose josefina joseph joshua
    josue joyce juan juana judith julia julian juliana juliano julie julieta julio julissa
    justin kaitlyn karen karina katherine kathleen kathryn kayla keisha keith kelly kendra
    kenneth kenya kevin kimberly kyle lara larry latoya laura lauren lautaro lawrence leandro
    leila leonardo leonel leonor leticia liam lidia ligia lilian liliana linda lisa logan lorena
    lorenzo lourdes luca lucas lucia luciana luciano lucila luis luisa luiz lupita magali malik
    manuel manuela marcela marcelo marcia marco marcos margaret margarida margarita maria
    mariana mariano maribel marilyn marina mario marlene marlon marta martha martin martina
    mateo matheus matias matilde matthew mauricio mauro max maximiliano maximo mayra megan
    melanie melina melissa mercedes mia micaela michael michelle miguel milagros milena milton
    miriam mirta mohamed mohammed monica morena muhammad nadia nahuel nancy natalia natasha
    nathan nayeli nelida nelson nestor nicholas nicolas nicole nicolle noah noelia noemi nora
    norma octavio olga oliver olivia omar orlando oscar oswaldo otto pablo paloma pamela paola
    pascual patricia patricio patrick paul paula paulo pedro perla peter priscila rachel rafael
    rafaela raimundo ramiro ramon ramona raquel raul raymond rebeca rebecca regina renata rene
    reynaldo ricardo richard ricky rita robert roberto robin rocio rodolfo rodrigo rogelio roger
    rolando roman romina ronald ronaldo rosa rosalia rosana rosario rosaura rose roxana ruben
    russell ruth ryan salvador samantha samira samuel sandra santiago santino sara sarah saul
    scott sebastian sebastiao sergio severino sharon shawn sheila sidney silvana silvia silvina
    silvio simone sofia soledad sonia sophia stella stephanie stephen steve steven susan susana
    tamara tania tatiana tatiane teresa thais theresa thiago thomas tiago timothy tobias todd
    tomas tony trevor tyler tyrone uriel valentin valentina valeria vanesa vanessa vania vera
    veronica vicente victor victoria vinicius virginia vivian wagner walter wanda wellington
    wendy wilfredo william wilson xavier xiomara yamila yasmin yesenia yolanda zachary zoe zulma
    """.split()  # noqa: SIM905 - a list of words is read as one
)

SURNAMES = frozenset(
    """
    acevedo acosta acuna adams aguero aguilar aguirre ahmed alarcon alexander allen almeida
    alonso alvarado alvarez alves amaya anderson andrade andrews aparicio aquino aragon aranda
    araujo araya arce arias armstrong avalos avila ayala azevedo baez bailey baker barbosa
    barnes barrera barreto barrios barros batista bautista becerra benitez bennett bermudez
    bernal blanco borges bravo brooks brown bryant burns bustamante bustos butler caballero
    cabral cabrera caceres calderon camacho campbell campos cano cardenas cardozo carrasco
    carrillo carrizo carter carvalho castillo castro cavalcanti cervantes cespedes chavez chen
    choque cisneros clark coleman collins contreras cooper cordero cordoba coronel correa cortes
    cortez costa cox crawford cruz cuellar cuevas cunningham daniels davila davis delgado diallo
    dias diaz dixon dominguez duarte duncan duran echeverria edwards elliott ellis escobar
    espinosa espinoza esquivel esteban estrada evans farias ferguson fernandes fernandez ferrari
    ferreira ferreyra figueroa fisher fletcher flores fonseca ford foster fox franco freeman
    fuentes gallardo gallegos galvan gamboa garcia garrido gibson gimenez godoy gomes gomez
    goncalves gonzales gonzalez gordon graham grant gray green griffin guerrero gutierrez guzman
    hamilton hansen harris harrison hart hawkins henderson henry heredia hernandez herrera hicks
    hidalgo holmes howard huanca hughes hunt hussain ibarra iglesias jackson jacobs james
    jenkins jensen jimenez johnson johnston jones jordan juarez kelley kelly kennedy khan kim
    king knight kumar lara larson lawson ledesma lee leiva leon lewis li lima lin liu long lopes
    lopez lozano lucero luna lynch machado maciel maidana maldonado mamani marin marquez
    marshall martin martinez martins mason matthews mcdonald medeiros medina mejia melo mendes
    mendez mendoza mesa meza mills miranda mitchell molina montenegro montero montoya moore mora
    morales moreira moreno moreyra morgan morris morrison moya munoz murphy murray myers
    nascimento navarrete navarro nelson nguyen nichols nieto nogueira nunez obrien ocampo ochoa
    ojeda oliveira olivera olson orellana orozco ortega ortiz osorio oviedo owens pacheco
    padilla palacios palmer paredes parker parra patel patterson payne paz pena peralta pereira
    pereyra perez perkins perry peters peterson phillips pierce pinto ponce porter powell prado
    price puebla quinn quinteros quiroga quiroz quispe ramirez ramos rangel reed reis reyes
    reynolds reynoso ribeiro rice richards richardson riley rios rivas rivera rivero roberts
    robertson robinson rocha rodrigues rodriguez rogers rojas roldan romero rosales rose ross
    rossi rubio ruiz russell ryan salas salazar salgado salinas sanchez sanders sandoval santana
    santos schmidt scott sepulveda serrano shaw silva simmons simpson singh smith snyder soares
    soria sosa sotelo soto sousa souza spencer stephens stevens stewart stone suarez sullivan
    tapia taylor teixeira tejada thomas thompson toledo toro torres tran trejo trujillo tucker
    turner urbina valdez valencia valenzuela vallejo varela vargas vasquez vazquez vega velasco
    velasquez velazquez velez vera vergara vidal vieira villalba villanueva villegas wagner
    walker wallace walsh wang ward warren washington watson weaver webb weber wells west wheeler
    white williams williamson willis wilson wong wood woods wright wu yanez yang young zamora
    zapata zarate zavala zhang zuniga
    """.split()  # noqa: SIM905 - a list of words is read as one
)
