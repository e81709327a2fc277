"""Words by which people sort pictures of parts, in the languages of the trade. All of them are folded, see `words`."""

GOOD = """
ok okay io good goods normal normals nominal conform conforming conforms accept accepted acceptable pass passed
golden fine intact flawless faultless undamaged unbroken defectless nondefective nondefect nonanomalous gut gute
gutes guter gutteil gutteile gutbild gutbilder gutmuster gutproben fehlerfrei einwandfrei unbeschadigt
unbeschaedigt mangelfrei konform makellos bon bons bonne bonnes conforme conformes accepte acceptes correct
corrects sain saine sains buono buoni buona buone conformi accettato accettati corretto corretti sano bueno buenos
buena buenas aprobado aprobados aceptado aceptados correcto correctos bom boa aprovado aprovados goed dobry dobre
dobra годные годный годен годно норма хорошие passing compliant healthy unharmed faultfree brauchbar richtig shodne
dobri vyhovujici hibatlan megfelelo saglam uygun kusursuz godkand godkanda godkjent godkendt hyva hyvat hyvaksytty
"""

DEFECT = """
ng nok nio ko nc notok nogood defect defects defective defectives defected defekt defekte defekter fault faults
faulty bad bads anomaly anomalies anomalous anomalie anomalien abnormal abnormals abnormality abnormalities
abnormalies outlier outliers reject rejects rejected rejection scrap scrapped fail fails failed failure failures
flaw flaws flawed damage damaged damages nonconform nonconforming nonconformity nonconformities unacceptable
unacceptables nonok unok waste error errors def defs schlecht schlechte schlechtes schlechter schlechtteil
schlechtteile schlechtbild schlechtbilder fehler fehlerhaft fehlerhafte fehlerbild fehlerbilder fehlerteile
fehlteil fehlteile ausschuss ausschusse ausschussteil ausschussteile mangel mangelhaft mangelhafte maengel
defektteile beschadigt beschaedigt beschadigung beschaedigung schrott verworfen aussortiert gesperrt fehlerart
mauvais mauvaise mauvaises rebut rebuts defaut defauts defectueux defectueuse defectueuses rejete rejetes rejet
rejets nonconforme nonconformes anormal anormale anormaux endommage scarto scarti scartato scartati difetto difetti
difettoso difettosi difettosa difettose cattivo cattivi nonconformi anomalo anomali anomala guasto guasti malo
malos mala malas defecto defectos defectuoso defectuosos defectuosa defectuosas rechazado rechazados rechazo
rechazos desecho desechos chatarra anomalia anomalias danado danados ruim defeito defeitos defeituoso reprovado
reprovados fout fouten afkeur wada wady wadliwe zle zly brak braki брак дефект дефекты негоден негодные негодный
плохие failing noncompliant unhealthy imperfect imperfection imperfections refused refuse refuses refusee discard
discarded trash trashed junk unusable uncompliant incorrect incorrects incorrecte incorrecto incorrectos deviating
deviation deviations nonnormal unfit reclamation reclamations reklamation reklamationen complaint complaints
unbrauchbar mull muell gesperrte sperr sperre sperrteil sperrteile sperrlager falschteil falschteile vadne vadny
vadni zmetek zmetky neshodne neshodny spatne hibas selejt hibasak hatali hatalilar kusurlu bozuk iskarta uygunsuz
underkand underkanda kasserad trasig underkjent defekta kasseret viallinen vialliset hylatty hylatyt loi
"""

KINDS = """
scratch scratches scratched crack cracks cracked dent dents dented broken breakage breakages break chip chips
chipped chipping hole holes stain stains stained contamination contaminations contaminated burr burrs rust rusty
corrosion void voids bubble bubbles porosity pore pores missing misaligned misplaced deformed deformation bent
blowhole blowholes crazing pitted pitting wrinkle wrinkles crease creases scorched misprint misprints fray frayed
uneven torn tear scuff scuffs smudge smudges dirt dirty foreign inclusion inclusions delamination spatter kratzer
riss risse bruch delle dellen fleck flecken lunker grat grate rost loch locher loecher verschmutzung verschmutzt
verunreinigung einschluss einschlusse blase blasen poren abplatzung abplatzungen ausbruch ausbruche verbogen
verformt kerbe kerben gebrochen zerbrochen rayure rayures fissure fissures tache taches casse casses cassee bosse
bosses trou trous bavure bavures rouille graffio graffi crepa crepe macchia macchie rotto rotti rotta ammaccatura
ammaccature bava ruggine rayon rayones rasguno rasgunos aranazo aranazos grieta grietas mancha manchas roto rotos
rota abolladura abolladuras golpe golpes oxido
"""

MASK = """
mask masks groundtruth groundtruths gt gts segmentation segmentations segmask segmasks seg maske masken masque
masques maschera maschere mascara mascaras
"""

WEAK_MASK = """
label labels annotation annotations anno annos
"""

TRAIN = """
train training trainset trains learn learning teach teaching teachin lernen einlernen anlernen trainieren
trainingsdaten trainingsbilder entrainement apprentissage addestramento entrenamiento aprendizaje
"""

TEST = """
test tests testing testset testdaten testbilder val valid validation validate eval evaluation evaluate holdout
validierung prufung pruefung auswertung essai essais prova prove prueba pruebas verifica valutazione evaluacion
validacion
"""

DOUBT = """
review reviews unknown unknowns unsure unclear unsorted unlabelled unlabeled undecided doubt doubtful dubious
suspect suspects suspicious questionable maybe borderline mixed mix various misc miscellaneous rework unklar
unsicher unsortiert unbekannt gemischt zweifel zweifelhaft verdacht verdachtig verdaechtig grenzfall grenzfalle
grenzmuster nacharbeit offen ungepruft ungeprueft douteux inconnu inconnus melange retouche dubbio dubbi
sconosciuto misto rilavorazione dudoso dudosos desconocido desconocidos mezclado retrabajo
quarantine quarantined quarantaene quarantane quarantaine quarantena
cuarentena blocked positive positives
positiv positif positivo negative negatives negativ negatif negativo pos neg yes ja oui si true false wahr falsch
vrai faux vero falso nein
"""

OUTPUTS = """
heatmap heatmaps anomalymap anomalymaps overlay overlays prediction predictions result results ergebnis
ergebnisse resultat resultats risultati resultados visualization visualizations visualisation
"""

DRAWN_ON = """
annotated annotiert annotierte annotierter annotes annotees annotato annotati annotado annotados anotado anotados
bbox bboxes
"""
"""Copies of pictures in which a person or a program drew something; above folders with labels, only a title."""

MARKED = """
markiert markierte markierter marked
"""
"""As DRAWN_ON, for folders alone: "12_marked.png" may be a part with a mark."""

NEGATION = """
no not non nicht kein keine keinen ohne without pas sans senza sin nie bez geen niet
"""

FREE = """
free frei
"""

FILLERS = """
part parts teil teile bauteil bauteile piece pieces pezzo pezzi pieza piezas product products produkt produkte
item items image images img imgs imag picture pictures pic pics photo photos foto fotos bild bilder aufnahme
aufnahmen immagine immagini imagen imagenes sample samples muster probe proben echantillon echantillons
campione campioni muestra muestras dir dirs directory folder folders ordner dossier dossiers cartella carpeta
set sets data daten dataset datasets database donnees dati datos datei dateien class classes klasse klassen
classe classi clase clases all alle tous tutti todos type types typ typen kind kinds category categories art
arten cat surface only new neu old alt raw roh of von de du des der die das the and und et y e public private
in im rgb front back top side monday tuesday wednesday thursday friday saturday sunday
montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche
lunedi martedi mercoledi giovedi venerdi sabato domenica lunes martes miercoles jueves viernes domingo shift
schicht equipe turno early late night morning evening day days tag tage week woche kw month monat jour giorno
dia lot lots batch batches charge los serie cam camera cameras kamera kameras view views ansicht line linie
ligne linea station run guteklasse guteklassen gueteklasse gueteklassen nacht nachts abend abends morgen morgens
mittag mittags vormittag vormittags nachmittag nachmittags fruh frueh spat spaet matin soir nuit notte sera noche
nord sud sued ost north south east
"""

TITLES = """
dataset datasets database data daten detection detector inspection classification project projekt projet
benchmark erkennung prufdaten mvtec visa btad
"""
"""Words in the name of a whole data set, such as "surface_defect_dataset": what is in it has labels of its own."""

WHOLE_ONLY = """
ko nc io gt gts seg fine mala sano bom sin error errors pass break chip chips hole holes missing foreign tear
dirt rayon golpe blase bosse trou prova prove mix ja si yes true false oui neg pos offen art cat learn teach val
no refuse loi zle zly brak trash junk vero faux mull nein hyva
"""
"""Words that mean something else in other names; they count only where a name holds nothing but known words."""

CJK = {
    "good": """
    良品 正常 合格 合格品 良 好 正品 完好 無欠陥 欠陥なし 異常なし 不良なし 無缺陷 无缺陷 無異常 无异常 無瑕疵
    无瑕疵 正样本 正樣本 正例 양품 정상 합격
    """,
    "defect": """
    不良 不良品 非良品 異常 异常 不合格 不合格品 欠陥 欠陥品 缺陷 瑕疵 次品 废品 廃品 廢品 坏 壞 坏品 报废 報廢
    不正常 非正常 無良 損傷 损伤 破损 破損 傷 キズ きず クラック 汚れ 欠け 割れ 打痕 划痕 劃痕 刮痕 裂纹 裂紋
    脏污 髒污 毛刺 异物 異物 负样本 負樣本 负例 負例 不適合 불량 결함 스크래치
    """,
    "mask": """
    マスク 掩码 掩膜 掩模 遮罩 蒙版 蒙板 正解 正解画像 마스크
    """,
    "train": """
    训练 訓練 训练集 訓練集 学習 学習用 學習 トレーニング 학습
    """,
    "test": """
    测试 測試 测试集 測試集 テスト テスト用 評価 評価用 検証 验证 驗證 평가
    """,
    "doubt": """
    未検査 未分類 未分类 未知 不明 要確認 待定 待判 可疑 保留 グレー 限度見本
    """,
    "negation": """
    无 無 没有 沒有 非 不
    """,
    "free": """
    なし 無し
    """,
    "filler": """
    画像 图像 图片 圖片 照片 写真 データ 数据 數據 品 用 集 部品 样本 樣本 サンプル フォルダ 文件夹 이미지
    """,
}

CLASSES = """
class klasse classe clase guteklasse gueteklasse grade qualitat quality qualite qualita calidad calidade category
kategorie categorie categoria
"""
"""Words of which several folders, "Klasse_A" and "Klasse_B", may be classes of quality."""

PLACES = """
cam cams camera cameras kamera kameras view views ansicht line linie ligne linea station lot lots batch batches charge
run shift schicht day tag
"""
"""Words with which a number says where or when a picture was taken, never how good its part is."""

TEMPLATES = """
temp templ template tpl tmpl ref reference referenz vorlage master riferimento referencia
"""

COMPARED = """
sample actual current inspected ist prufling pruefling
"""
"""Words for what is compared with a template; those for "test" are in TEST."""

RECORDINGS = """
xyz depth depths tiefe pointcloud pointclouds pcd height heights heightmap hohe range disparity normals ir infrared
thermal
"""
"""Folders with another recording of the pictures in one of PICTURES beside them."""

PICTURES = """
rgb color colour colors colours farbe gray grey grau intensity image images img
"""

COLUMNS = """
time date timestamp datetime datum zeit uhrzeit heure fecha ora width height breite hohe size bytes grosse exposure
exposuretime belichtung belichtungszeit gain md5 sha1 sha256 hash checksum index idx nr no number nummer id uuid serial
seriennummer camera cam kamera dpi format mode channels temperature temperatur operator user frame seq lot batch charge
order auftrag path pfad file filename datei dateiname folder ordner split name image picture bild created modified of in
us ms s px mm um hz db c humidity feuchte luftfeuchte luftfeuchtigkeit cycle zyklus takt trigger iso shutter aperture
blende bediener mitarbeiter machine maschine station line linie ligne shift schicht firmware version host captured
license url
"""
"""Words, with units, of which alone the heading of a column consists that does not say what a picture shows."""
