"""Words for an invented municipality's life: towns, projects, people, reasons."""

from pulje.enums import ExpenseCategory as E
from pulje.enums import Theme, Went

TOWNS = {
    "Birkerød": "3460",
    "Holte": "2840",
    "Nærum": "2850",
    "Vedbæk": "2950",
    "Trørød": "2950",
    "Skodsborg": "2942",
    "Gl. Holte": "2840",
    "Ravnsnæs": "3460",
    "Høsterkøb": "2970",
}

# what is not named is voluntary social work
THEMES = {
    "Lektiecafé": Theme.LEARNING,
    "Sprogmakkere": Theme.LEARNING,
    "Skolehaven": Theme.LEARNING,
    "Genbrugsværkstedet": Theme.LEARNING,
    "Havnesangere": Theme.CULTURE,
    "Ungdomsscenen": Theme.CULTURE,
    "Musikvennerne": Theme.CULTURE,
    "Bogbyttere": Theme.NETWORK,
    "Reparér": Theme.NETWORK,
    "Nabohaver": Theme.NETWORK,
    "Fællesspisning": Theme.NETWORK,
}
# (group's name, title, summary, what happens, who it is for)
PROJECTS = (
    (
        "Gåvenner",
        "Gåture for pårørende",
        "En gåtur og en kop kaffe hver onsdag for dem, der passer på en anden.",
        "Vi mødes hver onsdag kl. 16 og går en tur på to-tre kilometer. Bagefter drikker vi kaffe. "
        "To frivillige går forrest og bagerst, så alle kan være med i deres eget tempo.",
        "Pårørende i alle aldre",
    ),
    (
        "Lektiecafé",
        "Lektiecafé to aftener om ugen",
        "Lektiehjælp og aftensmad for 5.–9. klasse på biblioteket.",
        "Vi åbner biblioteket to aftener om ugen. De unge får hjælp til lektierne af frivillige, "
        "og så spiser vi sammen. Halvdelen af de frivillige er pensionerede lærere.",
        "Børn og unge i 5.–9. klasse",
    ),
    (
        "Bogbyttere",
        "Byttebod på torvet",
        "En bod, hvor naboer bytter bøger, spil og puslespil.",
        "Den første lørdag i måneden stiller vi en bod op på torvet. Man tager en bog med og går "
        "hjem med en anden. Vi læser højt for de mindste.",
        "Alle, der kommer forbi",
    ),
    (
        "Reparér",
        "Reparationscafé hver anden lørdag",
        "Frivillige hjælper med at lave det, der er gået i stykker.",
        "Hver anden lørdag sidder otte frivillige klar med symaskine, loddekolbe og cykelværktøj. "
        "Vi reparerer sammen med ejeren, så man lærer det selv.",
        "Alle med noget, der er gået i stykker",
    ),
    (
        "Strik & Snak",
        "Strikkecafé på plejecentret",
        "Beboere og naboer strikker sammen hver torsdag.",
        "Vi mødes i plejecentrets dagligstue. Beboerne lærer fra sig, og naboerne har garn og kage "
        "med. Det færdige går til familier, der har brug for varmt tøj.",
        "Beboere på plejecentret og naboer",
    ),
    (
        "Kystvenner",
        "Ren strand – fire indsamlinger",
        "Fire lørdage, hvor vi samler affald og fortæller om livet i vandet.",
        "Vi samler affald på stranden fire lørdage om året. Børnene undersøger, hvad de finder, "
        "og vi slutter med suppe over bål.",
        "Familier og skoleklasser",
    ),
    (
        "Nabohaver",
        "Fælles køkkenhave for opgangene",
        "En køkkenhave, som seks opgange passer sammen.",
        "Vi bygger tolv højbede og deler høsten. Hver opgang har en uge. Om efteråret laver vi "
        "suppe til hele karréen.",
        "Beboere i seks opgange",
    ),
    (
        "Havnesangere",
        "Sommersang på havnen",
        "Fællessang på havnen fire aftener i juni og juli.",
        "Et lille orkester spiller, og alle synger med fra et hæfte. Vi sætter bænke op og hjælper "
        "dem, der ikke selv kan komme ned til vandet.",
        "Alle, der har lyst til at synge",
    ),
    (
        "Fællesspisning",
        "Fællesspisning hver anden torsdag",
        "Vi laver mad sammen og spiser med nogen, vi ikke kendte i forvejen.",
        "Hver anden torsdag laver et hold mad til tres mennesker. Man sidder ved langborde, og "
        "pladserne bliver trukket, så man møder nye.",
        "Enlige, familier og nye borgere",
    ),
    (
        "Sprogmakkere",
        "Sprogmakkere over kaffen",
        "Frivillige og nye borgere taler dansk sammen en time om ugen.",
        "Makkerne mødes på biblioteket. Vi har samtalekort, kaffe og en sofa. Hver måned går alle "
        "sammen ud og ser noget i byen.",
        "Nye borgere",
    ),
    (
        "Cykelpiloter",
        "Cykelture med plejecentret",
        "Frivillige piloter kører ture i rickshaw med beboere.",
        "Ti piloter kører to gange om ugen. Beboerne bestemmer turen. Vi har et kursus i at køre "
        "sikkert og i at lytte.",
        "Beboere på plejecentret",
    ),
    (
        "Skolehaven",
        "Skolehave for tre klasser",
        "Børn sår, passer og høster sammen med bedsteforældre.",
        "Tre klasser får hver sit bed. Bedsteforældre fra byen er med en formiddag om ugen, og vi "
        "holder høstfest med skolens køkken.",
        "Elever i 2.–4. klasse",
    ),
    (
        "Genbrugsværkstedet",
        "Værksted for unge opfindere",
        "Et værksted, hvor unge bygger nyt af det, andre har smidt ud.",
        "Vi åbner et værksted to eftermiddage om ugen. En pensioneret smed og en ingeniør hjælper. "
        "Halvåret slutter med en udstilling.",
        "Unge fra 12 til 18 år",
    ),
    (
        "Ungdomsscenen",
        "Teater for og med unge",
        "Tyve unge skriver og spiller deres eget stykke.",
        "De unge skriver stykket fra august til november og spiller det tre gange. To frivillige "
        "med erfaring fra teatret hjælper.",
        "Unge fra 13 til 19 år",
    ),
    (
        "Brætspillerne",
        "Brætspilscafé på tværs af alder",
        "Spilaftener, hvor en på ti og en på firs kan møde hinanden.",
        "Vi har tredive spil og en spilvejleder ved hvert bord. Kaffe og frugt er gratis.",
        "Alle fra 8 år",
    ),
    (
        "Musikvennerne",
        "Musik på plejehjemmet",
        "Små koncerter i dagligstuen, hvor man må ønske.",
        "Fire musikere kommer hver måned. Beboerne ønsker sange, og personalet hjælper dem, der "
        "vil danse.",
        "Beboere og pårørende",
    ),
)

# what the pools' hard rules leave out
CLUB_TRIP = {
    "title": "Klubtur til Skåne",
    "summary": "En weekendtur til Skåne for klubbens medlemmer.",
    "description": "Vi tager toget til Skåne en fredag og bor på vandrerhjem. Turen er for dem, der"
    " er medlem af klubben, som tak for året, der gik.",
    "target_group": "Klubbens medlemmer",
}
CLUB_TRIP_REASONS = (
    "Puljen støtter det, der er åbent for alle og gør en forskel i kommunen (afsnit 3.2 og 3.3)."
    " Klubture kun for medlemmer er undtaget.\n\nIfølge ansøgningen er turen kun for klubbens"
    " medlemmer, og den går til Skåne. Det har været afgørende."
)

FIRST_NAMES = [
    "Alma",
    "Bo",
    "Carla",
    "Dagny",
    "Ejnar",
    "Frida",
    "Gry",
    "Holger",
    "Inga",
    "Jens",
    "Karoline",
    "Laust",
    "Marie",
    "Niels",
    "Otilia",
    "Palle",
    "Rosa",
    "Svend",
    "Tove",
    "Ulrik",
    "Vera",
    "Yrsa",
    "Æmilie",
    "Øjvind",
    "Åse",
    "Bertram",
    "Cilla",
    "Ditlev",
    "Ebba",
    "Folmer",
]
LAST_NAMES = [
    "Askelund",
    "Birkholt",
    "Dalskov",
    "Egeberg",
    "Fuglsang-Ravn",
    "Granlund",
    "Hedemark",
    "Isbrand",
    "Kildedal",
    "Lindskov",
    "Mosegård",
    "Nørreskov",
    "Overmark",
    "Pilegren",
    "Rosenvang",
    "Skovbakke",
    "Tangmose",
    "Ulvedal",
    "Vestermark",
    "Åkilde",
]
STREETS = ("Teglporten", "Bøgestien", "Kirsebærgangen", "Mosevænget", "Havnestien", "Smedebakken")

CRITERIA = (
    ("Frivillig indsats", "Er det frivillige, der bærer idéen?"),
    ("Åbent fællesskab", "Kan andre end de sædvanlige være med?"),
    ("Lokal værdi", "Gør det en forskel i Birkerød, Holte, Nærum eller Vedbæk?"),
    ("Samarbejde", "Gør I det sammen med andre?"),
    ("Realistisk plan", "Hænger plan og budget sammen?"),
)

# (criterion or None, section, text, speaks for it)
GROUNDS = (
    (0, "3.1", "Det er frivillige, der bærer projektet.", True),
    (1, "3.2", "Tilbuddet er åbent for alle og bliver annonceret.", True),
    (2, "3.3", "Projektet gør en tydelig forskel lokalt.", True),
    (0, "3.1", "En stor del af udgifterne er honorarer, og få frivillige er med.", False),
    (1, "3.2", "Aktiviteten er kun for foreningens egne medlemmer.", False),
    (2, "3.3", "Aktiviteten foregår uden for kommunen.", False),
    (3, "3.4", "Det er ikke aftalt med andre, hvordan de er med.", False),
    (4, "3.5", "Planen og budgettet er ikke beskrevet nok til, at vi kan vurdere dem.", False),
    (4, "4.2", "Puljen dækker ikke indkøb af udstyr som hovedformål.", False),
    (None, "5.1", "Puljens penge rækker ikke til alle, og midlerne skal spredes.", False),
)

EXPENSES = (
    ("Forplejning", E.FOOD),
    ("Materialer og værktøj", E.MATERIALS),
    ("Leje af lokale", E.VENUE),
    ("Oplægsholder", E.FEES),
    ("Plakater og annoncer", E.PROMOTION),
    ("Transport for deltagere", E.TRANSPORT),
    ("Forsikring af frivillige", E.OTHER),
)
# whose leader confirms, the leader, what they bring
INSTITUTIONS = (
    ("Plejecentret", "Mona Tangmose", "Lægger dagligstuen til, og personalet følger beboerne."),
    ("Skolen", "Anders Kildedal", "Åbner skolekøkkenet og fortæller forældrene om det."),
    ("Biblioteket", "Ditte Hedemark", "Lægger lokaler til og sætter plakater op."),
    ("Børnehaven", "Rikke Skovbakke", "Kommer med de største børn to formiddage."),
)
NEIGHBOURS = tuple(
    {"name": name, "contribution": contribution, "leader_email": ""}
    for name, contribution in (
        ("Boligforeningen", "Lægger festsalen til og hænger opslag i opgangene."),
        ("Idrætsforeningen", "Låner os telt, borde og højttalere."),
        ("Kirken", "Kører dem, der ikke selv kan komme."),
        ("Købmanden", "Giver kaffe og frugt."),
    )
)
# became what was hoped for, what happened, what worked, what they learned
STORIES = (
    (
        Went.YES,
        "Vi troede, der kom ti. Der kom 43, og nu er det hver uge.",
        "At der var kaffe, før nogen skulle sige noget.",
        "At man skal fortælle om det tre gange, før folk kommer.",
    ),
    (
        Went.MOSTLY,
        "Det regnede den første gang, og ingen kom. Så flyttede vi det indendørs, og det virkede.",
        "De faste aftener og de samme frivillige.",
        "Hav altid et sted med tag i baghånden.",
    ),
    (
        Went.YES,
        "De unge tog selv over efter sommerferien. Det havde vi ikke regnet med.",
        "At vi voksne holdt op med at lave programmet.",
        "Giv nøglen videre, før du tror, de er klar.",
    ),
    (
        Went.NOT_QUITE,
        "Vi holdt otte aftener og fik tre nye med. Det var færre, end vi håbede, men de tre er "
        "blevet frivillige.",
        "De små hold, hvor man kunne nå at snakke.",
        "Det er bedre med få faste aftener end mange forskellige.",
    ),
    (
        Went.YES,
        "En mand på 91 lærte en dreng på 9 at flette net. De ses stadig om torsdagen.",
        "At børn og gamle lavede noget med hænderne sammen.",
        "Folk kommer for tingen og bliver for hinanden.",
    ),
    (
        Went.NOT_QUITE,
        "Vi prøvede at mødes om morgenen. Det kunne folk ikke. Nu ved vi det, og foreningen bruger "
        "aftenerne i stedet.",
        "At vi stoppede i tide og spurgte, hvornår folk kunne.",
        "Spørg om tidspunktet, før du trykker plakaten.",
    ),
    (
        Went.MOSTLY,
        "Suppen slog ikke til, så naboerne hentede gryder hjemmefra. Det blev den bedste aften.",
        "Langborde, hvor man trak sin plads.",
        "Når noget mangler, kommer folk hinanden ved.",
    ),
)
