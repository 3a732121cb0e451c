"""What a few words sound like: a kind of help to offer first, never one that is decided.

Two looks at the same words. Keywords, written by us in the three languages, say which kinds are
meant. Besides, for English, a small linear model says it of labels of real messages sent in
disasters (rules/sounds_like_weights.json; how it was made and how often it is right:
tools/train_sounds_like.py, docs/benchmarks.md). Whoever asks sees at most three kinds, all others
below them, and chooses.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp

from porchlight.sharing.rules.categories import Category, Dangerous

MOST_SHOWN = 3
LONGEST = 200
"""Letters that are looked at: enough for what is meant."""
WORD = re.compile(r"[^\W\d_]+")
ALEFS = str.maketrans("أإآٱىة", "اااايه")
"""Arabic letters that are written in more than one way."""
TATWEEL = "ـ"
ARABIC_AND_THE = re.compile(r"^(?:[وفبك]?ال|[وف]?لل)(?=\w{3})|^[وف](?=\w{4})")
"""«And», «the», «in the» and «for the» are written onto the word."""

KEYWORDS: dict[Category | Dangerous, str] = {
    Category.FOOD: """
        food* water grocer* bread milk eat eating meal* hungry hunger* starv* rice soup cook*
        shopping pantry vegetable* fruit* egg* lunch* dinner* breakfast* thirst* agua comida*
        compra pan leche comer hambre arroz sopa cocin* despensa verdura* fruta* huevo* almuerzo*
        cena desayuno* alimento* طعام اكل خبز حليب جوع جائع جوعان ارز طبخ خضار خضروات فاكهه بيض
        غداء عشاء فطور بقاله تسوق ماء مياه
        """,
    Category.ERRAND: """
        errand* fetch* collect* deliver* post parcel* package* pharmacy queue* bank recado* recog*
        paquete* farmacia correo* encargo* entreg* envio* مشوار طرد بريد صيدليه استلام توصيل احضار
        بنك
        """,
    Category.RIDE: """
        ride* lift drive driving driver car taxi station airport bus wheelchair transport* travel*
        llevar llevarme llevame coche carro viaje estacion aeropuerto autobus conduc* traslad*
        توصيله سياره تاكسي محطه مطار حافله باص قياده سائق مواصلات
        """,
    Category.COMPANY: """
        company accompan* lonely court appointment* clinic visit companion* escort* acompan*
        compania soledad juzgado cita visita paseo مرافقه يرافقني ترافقني وحيد وحيده محكمه موعد
        زياره دائره
        """,
    Category.REPAIR: """
        repair* fix* broken broke leak* drip* tap pipe* door lock lamp window* fridge plumb*
        electric* repar* arregl* roto rota gotea fuga grifo tuberia* cerradura ventana* lavadora
        nevera frigorifico fontaner* تصليح اصلاح مكسور معطل تسريب حنفيه انبوب قفل شباك نافذه غساله
        ثلاجه كهرباء سباك
        """,
    Category.THING: """
        borrow* lend* ladder drill tool* tent* chair* table bed blanket* mattress* cloth* coat*
        shoe* pram stroller furniture prest* escalera taladro herramienta* silla* mesa cama manta*
        colchon* ropa abrigo* zapato* cochecito mueble* استعاره سلم مثقاب عده ادوات كرسي كراسي طاوله
        سرير بطانيه بطانيات فراش ملابس معطف حذاء احذيه عربه اثاث
        """,
    Category.CARRY: """
        carry carries carrying move moving heavy wardrobe sofa piano box boxes stairs upstairs
        cargar subir bajar mudanza* mudarme pesad* armario* caja* escaleras حمل نقل ثقيل خزانه كنبه
        صندوق صناديق درج انتقال
        """,
    Category.LETTER: """
        letter* form forms fill filling read reading translat* tax taxes application* apply
        benefit* carta* formulario* rellen* leer traduc* impuesto* solicitud* رساله رسائل استماره
        نموذج تعبئه قراءه ترجمه ضريبه ضرائب طلب معامله
        """,
    Category.SKILL: """
        teach* learn* lesson* homework computer phone internet email language practise practice
        ensen* aprend* clase clases deberes ordenador computadora telefono movil idioma practicar
        تعليم تعلم درس دروس واجب حاسوب كمبيوتر هاتف جوال انترنت لغه تدريب
        """,
    Category.ANIMAL: """
        dog dogs cat cats pet pets animal* rabbit* bird* vet walkies perro* perra* gato* gata*
        mascota* conejo* pajaro* veterinari* كلب قطه قطط حيوان ارنب طير طيور عصفور بيطري
        """,
    Category.CLEAN_UP: """
        clean* flood* mud storm* damage* graffiti debris rubbish sandbag* limpi* inund* barro
        tormenta* dano danos pintada* escombro* basura تنظيف فيضان طين عاصفه اضرار ركام انقاض قمامه
        """,
    Dangerous.VIOLENCE: """
        beat beats beaten beating hit hits violence violent threat* afraid abus* stalk* followed
        rape* attack* weapon* gun guns pega pegan pego golpe* amenaz* miedo maltrat* violencia
        violar violo acos* atac* arma armas ضرب يضربني عنف تهديد يهددني خائف خائفه اعتداء تحرش سلاح
        يلاحقني
        """,
    Dangerous.PAPERS: """
        immigration visa asylum deport* passport* undocumented residence officers raid raids
        inmigracion visado asilo pasaporte* papeles indocumentad* policia police redada* هجره
        تاشيره لجوء ترحيل جواز اقامه اوراق شرطه مداهمه
        """,
    Dangerous.HEALTH: """
        medic* doctor* hospital* insulin inhaler pill pills prescription* sick ill pain pains
        painful bleed* injur* wound* pregnan* asthma diabet* insulina inhalador pastilla* receta
        enferm* dolor* sangr* herid* embaraz* asma دواء ادويه طبيب مستشفي انسولين بخاخ حبوب وصفه
        مريض مريضه الم نزيف جرح اصابه حامل ربو سكري
        """,
    Dangerous.CHILDREN: """
        child* baby babies kid kids daughter babysit* nursery toddler* nino* nina* bebe* hijo*
        hija* canguro guarderia طفل طفله اطفال رضيع ابني ابنتي اولاد بنتي حضانه
        """,
}
"""Stars stand for any ending. Which words: ours."""

LABELS: dict[str, Category | Dangerous] = {
    "food": Category.FOOD,
    "water": Category.FOOD,
    "shelter": Category.THING,
    "medical_help": Dangerous.HEALTH,
    "medical_products": Dangerous.HEALTH,
}
"""Labels of the messages that mean one of our kinds. `transport` there means broken roads."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """A linear model: for each label its threshold, its start, and the weights of its words."""

    thresholds: dict[str, float]
    starts: dict[str, float]
    weights: dict[str, dict[str, float]]
    """Of each word, and of each «*label» whose keywords occur, by label."""
    keywords: dict[str, str]
    """Of each label it learnt from."""


def folded(text: str) -> list[str]:
    """Its words in small letters without accents, and Arabic ones without «and the»."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(ALEFS).replace(TATWEEL, ""))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [ARABIC_AND_THE.sub("", word) for word in WORD.findall(bare)]


def kinds_for(text: str) -> list[Category | Dangerous]:
    """At most three kinds these words sound like, most likely first; dangerous ones before all.

    Empty where nothing is known: then nothing is guessed.
    """
    words = folded(text[:LONGEST])
    points: dict[Category | Dangerous, float] = {}
    for kind, many in keyword_hits(words).items():
        points[kind] = float(many)
    for label, likely in likely_labels(words).items():
        if label in LABELS and likely >= model().thresholds[label]:
            kind = LABELS[label]
            points[kind] = points.get(kind, 0.0) + likely
    order = sorted(points, key=lambda kind: (isinstance(kind, Category), -points[kind], kind))
    return order[:MOST_SHOWN]


def keyword_hits(words: list[str]) -> dict[Category | Dangerous, int]:
    """How many of these words are keywords of each kind; kinds with none are left out."""
    found = {kind: hits(words, keywords) for kind, keywords in KEYWORDS.items()}
    return {kind: many for kind, many in found.items() if many}


def likely_labels(words: list[str]) -> dict[str, float]:
    """How likely the model thinks each label, from 0 to 1."""
    known = model()
    sums = dict(known.starts)
    said = {f"*{label}" for label, keys in known.keywords.items() if hits(words, keys)}
    for word in said.union(words):
        for label, weight in known.weights.get(word, {}).items():
            sums[label] += weight
    return {label: 1 / (1 + exp(-max(-30.0, min(30.0, total)))) for label, total in sums.items()}


@lru_cache(maxsize=1)
def model() -> Model:
    """The weights that stand beside this file."""
    text = (files("porchlight.sharing.rules") / "sounds_like_weights.json").read_text("utf-8")
    read = json.loads(text)
    return Model(**{part: read[part] for part in ("thresholds", "starts", "weights", "keywords")})


def hits(words: Iterable[str], keywords: str) -> int:
    """How many of these words are among the keywords; a star there stands for any ending."""
    whole, beginnings = _stems(keywords)
    return sum(word in whole or word.startswith(beginnings) for word in set(words))


@lru_cache(maxsize=64)
def _stems(keywords: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Whole words, and beginnings of words."""
    words = keywords.split()
    whole = frozenset(one for word in words if not word.endswith("*") for one in folded(word))
    return whole, tuple(folded(word[:-1])[0] for word in words if word.endswith("*"))
