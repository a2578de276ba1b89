"""Names of persons that are written in many ways: which spellings are one name.

Own knowledge of how newspapers in French and English write Arabic, Amazigh and Kurdish given
names; compiled by hand. A line is one name, its usual spellings first. Spellings are folded. Two
lines are two names, even where they look alike: no rule may turn one into the other.
"""

from __future__ import annotations

from collections import defaultdict

_LATIN = """
mohammed mohamed muhammad mohammad mohamad muhammed mouhamed mohamud
mahmoud mahmood mahmud
ahmed ahmad ahmet
hamid hameed
hassan hasan hacen
hussein hussain husain hossein houssein hussien hossain houcine husein huseyin hocine houceine
hassoun hassun
ali aly
omar umar omer oumar
amr amro amrou
ammar amar
amer aamer
amir ameer emir
othman osman uthman othmane otmane outhman
youssef yousef yusuf yousif yusef youssif yossef youcef yousuf
ibrahim brahim ebrahim ibraheem
ismail ismael esmail smail ismaeel
suleiman sulaiman soulaiman soulaimane sulayman souleiman slimane soliman souleimane suleyman
salman selman
salim saleem selim
salem saalem
saleh salih
salah salaah
said saeed saed
sayed sayyed sayyid said syed seyed
saad sad
saud saoud
masoud masood massoud masud masaud mesud messaoud
khalid khaled
khalil khaleel
walid waleed oualid
rashid rachid rasheed rached
rashed rashid raashid
rashad rachad
majed majid
majid majeed madjid
nabil nabeel nebil
nabih nabeeh
nasser nasir nassir naser nacer
nasr nasser
naji naajy nadji
najib nageeb najeeb naguib nadjib
najim najem najm
nizar nezar nizzar
noureddine nouredine nureddin nooruddin noureddin
salaheddine salahuddin salaheddin saladin
saifeddine saifuddin seifeddine
badreddine badruddin
charafeddine sharafuddin
alaeddine alauddin aladdin
ezzeddine izzeddine izzuddin azzedine
fahim faheem
fahmi fahmy
fahd fahad
faisal faysal feisal faycal
fadel fadhel fadhil fadil
fadi fady
fares faris
farid fareed
farouk farooq faruk faruq
fatima fatema fatimah fatma fatemah
fouad fuad foad fouaad
fawzi fouzi fawzy faouzi
fawzia fouzia fawziya faouzia
fairouz fayrouz fairooz fairuz
ghali rhali ghaly
ghassan ghasan rassan
ghizlane ghizlan ghezlane
habib habeeb
haidar haider hayder haydar heidar hedar
hadi hady
hajar hajer hager
hakim hakeem
hakam hakem
hamza hamzah hamzeh
hana hanaa
hani hany
hanan hanane
harith hareth
hatem hatim
haytham haitham hitham haythem
hicham hisham hesham hichem hishem husham
hind hend
houda huda hoda
ihab ehab iheb
ibtisam ebtisam ibtissam ibtissame ebtesam ibtesam
idris idriss edris driss
ilham elham
iman eman imane imaan
imad emad imed
imran omran emran
intisar entisar intissar
isa issa essa eissa aissa eisa
isam essam issam esam
ismat esmat
jaafar jafar jaffar gaafar djaafar djafar
jabbar djabbar
jaber jabir
jalal jalaal djalal galal
jalila jaleela djalila
jalil jaleel djalil
jamal gamal djamal jamel djamel
jamil jameel
jamila jameela djamila
jasim jassim jassem jasem
jaseb jasib jassib gasib
jawad jawaad jaouad djawad
jihad jehad djihad
joumana jumana
kamal kamel kemal
kamil kameel
karim kareem krim karem
karima kareema
kadhim kadhem kazim kazem kathim kadhum kadim kathem
khadija khadijah khadidja khadeja
khulud khouloud kholoud
laila layla leila leyla
latif lateef
latifa lateefa latifah
lina leena
lotfi lutfi loutfi
maati mouati
maha mahaa
mahdi mehdi mahdy mahdee
malek malik maalik
mansour mansoor mansur
maria mariya
mariam maryam meryem miriam maryem meriem
maytham maitham mitham
mazen mazin
moataz mutaz moutaz
mona muna mouna
morad murad mourad
mostafa mustafa moustafa mustapha mostapha moustapha
mounir munir muneer
mousa musa moussa moosa
muhsin mohsen mohsin muhsen mouhcine mohcine
nada nadaa
nadia nadiya nadya
nadir nadeer
nader nadir
naim naeem
nawal naoual
nawaf naouaf nawwaf
nazih nazeeh
naziha nazeeha nazeha
nidal nedal nidhal nithal
noor nour nur
noora noura nura
noof nouf nuf
nouri noori nuri
nouha nuha
omayma oumaima umaima
omed omid umed
qasim kassem kasim qassim qasem kacem qassem kassim gasim
rabia rabiaa rabea
rabie rabii rabi
rafik rafiq rafeeq rafeek
rajab rajeb
rami ramy
ramadan ramadhan ramzan ramdane
rana ranaa
rania raniya
raouf rauf raoof raof
reda rida ridha reza redha
reem rim rym
riham reham rihem
riyad riad riyadh ryad riyadhe
rouba ruba
saba sabaa
sabah sabaah
sabri sabry
sadiq sadeq sadek sadik seddik
safaa safa
sajjad sajad
sahar sehar
saida saeeda
sakina sakeena
salima saleema
salma selma
salwa saloua
sami samy
samir sameer
samira sameera
sana sanaa
sara sarah
sarmad sarmed
shahin chahine shaheen chahin
shaima shaimaa chaimae chaima shayma
shakir shaker chaker
sharif sherif cherif shareef charif
shawki chawki shawqi
shukri chokri shokri shukry choukri
sherwan shirwan chirwan shervan sheruan
shivan shvan shwan shevan
siham seham
soad suad souad soaad
sofia sofiya
sofiane sufyan soufiane sufian
suha souha
sultan soltan
sultana soltana
taha taaha
taher tahir tahar
tarek tariq tarik tareq tareeq
taoufik tawfiq toufik tawfik taoufiq tewfik toufic taufiq
taysir tayseer
thaer thair
turki turky
wael wail ouael
wafa wafaa ouafa ouafae
wahid waheed ouahid wahed ouahed
wissam wisam oussam wesam
yahya yahia yehia yihya
yacine yassin yasin yassine yaseen
yaqoub yaqoob yacoub yakoub yaqub yacob yakob jacoub
yasmin yasmine yasmeen jasmine
yasser yasir yaser
younes yunus younis yunis younous youness
yousra yusra yosra
zahra zahraa zohra
zaid zayd zeid
zaki zaky
zakaria zakariya zakariyya zakarya zakaryya
zainab zaynab zeinab zeynab zeineb zineb
ziad ziyad zyad zied
zouhair zuhair zuheir zoheir zouheir
aicha aisha ayesha aysha
adel adil
adam adem
adnan adnane
ala alaa
aqeel akil aqil akeel
amal amel
amina ameena
amine amin ameen
aminatou aminetou aminatu aminetu
amjad amjed
anas anass
anwar anouar anoir
asma asmaa asmae
ashraf achraf
atef atif
ayman aymane aiman aymen
ayoub ayyoub ayub ayyub
aziz azeez
aziza azeeza azizah
bachir bashir basheer bechir
badr bader
bahaa baha
bassam basam
bassem basim basem bassim
batoul batool batul
bilal belal billal
bouchra bushra boshra
daoud dawood dawoud daud dawud daoued
dalia daliya
dina deena
edwar edward edouard adwar
georges george jorj
boutros butros butrus
hanna henna
elias ilyas ilias elyas
razzaq razzak razak rezzak
rahman rahmane
kader qader qadir kadir
wahab wahhab ouahab ouahhab
khaliq khaleq khalek
ghani rhani
ghafour ghafoor ghaffour
mounim munim moneim
bakr bekr abubakr
fahad fehed
hashim hashem hachem hachim
haroun harun haroon
jumaa jomaa joumaa jumah
khairallah khayrallah kheirallah
lamia lamya lamiaa
luay louay loay
mahfoud mahfouz mahfoudh mahfuz
maysoun maysoon mayson maisoun
mubarak moubarak mobarak mbarek
muayad moayad mouayad
mukhtar mokhtar moukhtar
munther mundhir monther munzer
nabila nabeela
najat najate
najla najlaa
nisrin nesrin nisreen nesreen nisrine
rajaa raja
qais kais qays qaise
qusay qusai kousay
sinan senan
sumaya soumaya sumayya soumia
suhail souhail suheil soheil
tamim tameem
thamer thamir tamer
ubaid obaid oubaid obeid oubeid ubayd
wahiba ouahiba
samer
karam
hamad
hamed
malak
laith
firas
tayeb tayyib tayyeb tayib taieb tayyab
qahtan kahtan
khatib khateeb
shaban chaban chaabane shaaban
sobhi subhi
thabet thabit tabet
zubair zoubeir zubeir zoubair
diyar dyar
dounia dunya donia
hiba heba
hosni husni hosny
wijdan wejdan
zuhour zouhour
nezha nouzha nuzha nozha
abdullah abdallah abdulla abdellah abdalla abdoullah
mouad moad muadh moaz mouadh
murtadha murtada mortada murtaza mortadha
karrar karar
muntadher muntazer montadhar muntather montather montazer
dhia diaa dhiaa diya zia
rafid rafed
ruqayya roqaya ruqaya rokaya roukaya
chafik shafiq shafik chafiq
behnam bahnam
marzouq marzook marzouk marzuq
jaafari jafari
kawthar kaouthar kawtar kaoutar
loubna lubna lobna
meriem meryem
ilyas ilias
marwan marouane maruan
marwa maroua
ridwan radouane redouane ridouane redwan radwan
abdou abdu abdo
abbas abas
akram akrem
bassma basma
charaf sharaf
chadi shadi
chams shams
choaib shuaib chouaib shoaib
dalal dallal
diana
dilshad dilchad
fathi fathy fethi
fathia fathiya fethia
faiza fayza faeza
faiz fayez faez faiez
ghada rhada
ghaith gaith
habiba habeeba
haifa hayfa
hala halah
halima haleema
hamdi hamdy
hassiba hasiba
hayat hayet
houria huriya houriya
hussam husam hossam houssam
ikram ikrame
inas enas ines
jinan jinane
kaltoum kulthum kelthoum oumkeltoum
kawa kaoua
khaldoun khaldun khaldoon
kifah kefah
lahcen lahsen lahssen
lamis lamees
luqman loqman lokman
mahfoudh mahfuz
manal manel
mansoura mansura
mariwan meriwan
mayada mayyada
mehmet
miloud milud
milad melad
mina meena
mohannad muhannad mohanad mouhannad
moncef munsif monsef
mounia munia
nafisa nafeesa
nadim nadeem
naoufal nawfal noufel
nasreen nisrin
nassima nasima naseema
nihad nehad
nihal nehal
nissrine nisrine
othmani uthmani
raed raid
raghad raghd
rachida rashida
radhia radia radiya
rahma rahmah
raghida
razan
rebin rebeen
rebwar rebouar
rizgar rizkar
rochdi rushdi roshdy
saadi
safia safiya safiyya
sahraoui
sajida sajeda
samah
samia samiya
saqr sakr
sawsan saousan
shirin shireen chirine sherin
sirwan serwan
soran
tahani
talal
talib taleb
tamara
thuraya soraya thouraya turaya
wiam wiaam ouiam
widad wedad ouidad
yassir
zaina zeina
zakia zakiya
zouhra zuhra zohra
zubaida zoubida zobaida
"""
_ARABIC = """
محمد محمود أحمد حامد حمد حميد حسن حسين حسان علي عمر عمرو عمار عامر أمير عثمان يوسف إبراهيم إسماعيل
سليمان سلمان سالم سليم صالح صلاح سعيد سعد سعود مسعود خالد خليل وليد راشد رشيد رشاد ماجد مجيد نبيل
ناصر نصر ناجي نجيب نجم نزار فهيم فهد فيصل فاضل فادي فارس فريد فاروق فاطمة فؤاد فوزي فيروز غالي غسان
حبيب حيدر هادي هاجر حكيم حمزة هناء هاني حنان حاتم هيثم هشام هند هدى إيهاب ابتسام إدريس إلهام إيمان
عماد عمران انتصار عيسى عصام جعفر جبار جابر جلال جليل جليلة جمال جميل جميلة جاسم جاسب جواد جهاد كمال
كامل كريم كريمة كاظم خديجة ليلى لطيف لطيفة مها مهدي مالك ملاك منصور ماريا مريم ميثم مازن منى مراد
مصطفى منير موسى محسن ندى نادية نادر نعيم نوال نواف نزيه نزيهة نضال نور نورة نوف نوري قاسم ربيع ربيعة
رفيق رجاء رجب رامي رمضان رانيا رؤوف رضا ريم رهام رياض صبا صباح صبري صادق صفاء سجاد سحر سكينة سلمى
سلوى سامي سمير سميرة سناء سارة سرمد شيماء شاكر شريف شكري شيروان سهام سعاد صوفيا سفيان سلطان سلطانة
طه طاهر طارق توفيق تيسير ثائر تركي وائل وفاء وحيد وسام يحيى ياسين يعقوب ياسمين ياسر يونس يسرى زهراء
زهرة زيد زكي زكريا زينب زياد زهير عائشة عادل آدم عدنان علاء عقيل أمل أمينة أمين أميناتو أمجد أنس
أنور أسماء أشرف عاطف أيمن أيوب عزيز عزيزة بشير بدر بهاء بكر باسم بسام بتول بلال بشرى داود دنيا دينا
هبة رضى معطي المعطي حامدة سيد عباس عبدالله عبدو كرار مقتدى مولاي لالة حسناء نجاة نعيمة فدوى سعيدة
"""


def _groups(table: str) -> dict[str, tuple[str, ...]]:
    """Each spelling with the other spellings of the names that it may stand for."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for line in table.split("\n"):
        spellings = line.split()
        for word in spellings:
            found[word].update(dict.fromkeys(other for other in spellings if other != word))
    return {word: tuple(others) for word, others in found.items()}


SPELLINGS = _groups(_LATIN)
"""Latin spellings of a given name, by each of its spellings."""
GIVEN_ARABIC = frozenset(_ARABIC.split())
"""Given names in Arabic letters, with their hamza."""
SOLAR = frozenset("tdrzsnl")
"""Latin letters before which the article takes their sound: Abd er-Razzak."""
MOST_WORDS = 8
"""No name that is looked for has more words."""
