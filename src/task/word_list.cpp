// Made by scripts/make_word_list.py from Debian's wamerican-small (SCOWL,
// docs/licences/scowl.txt). Do not edit.
#include "task/word_list.h"

namespace tripost {

const char* const kWords =
    R"(abaci abandonment abbot abbreviate abdicate abdomen abet abide abominable aboriginal abort abortion
abreast abrupt abscond absence absolve absorb abstinence abysmal abyss academically accelerator
acceptable accessory acclimate acclimatize accomplish accountability accountant accumulate accurate
accusation ace achieve acknowledge acknowledgment acoustic acquaintance acquiesce acquiescence
acquisition acquittal activate activity actuality adaptation adaptive addiction adequate adherence
adjective adjoin adjourn adjunct adjust adjustable administrator admiral admire admit admonition
ado adolescent adoption adore adornment adrift adulterate adulthood adventure adverse adversity
advice advisor advocate aerodynamic aerospace afar affectation affection affiliate affiliation
affirmative affix affluence affordable aforementioned afraid afresh afterlives afterthought age
aggravate aggravation aggressive agile agitate agnostic ago agonize agreement agricultural
agriculture aground ahoy aid ain't airborne airfield airline airplane airy aisle alas alcoholism
alcove algae algebraic alias alibi alignment alinement alive alkali allah allegory allergic alley
alligator allocate allocation allow allowance almanac almighty aloft alongside alphabet alphabetic
alterable alteration alternate alternative altho although alto amalgamation ambiance ambient
ambiguity amenable amenity americanism amiably amir amoebae amok amp amphetamine amphibian
amphitheater amplify anagram analgesic analogue analytical analyze anarchic ancestry anchorage
ancient anesthesia angle angry anguish ani annals annihilate anniversary annoyance anoint anonymous
answer answerable antagonism antagonize antenna anthropologist antic anticipate anticipation
anticlimax antithesis anyone apart aplomb apologetic apologize apostrophe apparatus apparent
appease appendicitis appetizing applaud apple applicability applicant application applicator
appoint appreciative apprehension apprehensive apprentice approximate aquatic arbiter arc arcane
archaeologist archbishop archeological archetypal archipelago architecture archive archway arcked
area arguable aria arisen aristocratic ark arrange arrangement arrival arterial artful artificial
artisan artistically artwork asbestos ascend ascertain ash ashore ask askance asparagus aspen
aspirant aspiration assailant assassinate assassination assent assert assimilation associate
association assort astound astride astrology astute asylum asymmetry athlete atmospheric atom
attend attraction attribution audacity audibly auditoria auditorium aurae aural austere authentic
authentically authenticate authorize authorship autocracy autocrat autocratic autopsy autumnal
auxiliary avenge avenue average avid avoid avowal await away axe axiom aye azalea babe bachelor
back backfire backhand backlash backlog backside backtrack backward bacteria bacterial baggage bait
bake bakery balcony ballast ballet balloon ballot balm balmy banal bandit banditti bandstand
bandwagon bandwidth bang bani bank barbeque bark barometer barrage barrette barrister bash
basically basin batch bath bathe bathroom baton batsman battle battlefield baud bawdy bazaar be
beagle beast beautify became bedrock bedside befriend beggar beguile behalf behalves behavior
behavioral behold belabor belch believable bellboy bellhop beloved bemuse bench bend beneath
benediction benevolent bequeath bereave bereft berserk beseech bestiality bestow bet betray
betrothal betterment beverage bibliographic bicker biennial big bike billiards billow binomial
biography biped biplane birdcage birthday bitten blab blackbird blackboard blackhead blackmail
blackout bladder blade blameless blasphemous blasphemy blatant bleach bled blest bliss blithe block
blockbuster blood bloodhound bloodstream bloody bloom blot blouse blowout blowtorch blubber
bludgeon blue bluebird bluff blurt blush boa boat bobbin bobcat bode bodily body bodyguard boggle
boisterous bologna bolster booby bookkeeping bookshop bookstore boon boot bootee booth bootleg
bootstrap boredom born borough bossy bough bought bounce bourbon bout bowel bowlder box boyhood
brace bracket brackish bran brandish brandy brash brawny breach break breakneck breakthrough
breakwater breast breath brevity brewery bribery bridal bride bridge brief brigade brighten brine
bring brisk britches british brittle brocade broccoli brooch broom browse brunch brunette brush
brute budge budget buff buffalo buffet buffoon build bulbous bulge bulletin bullion bum bumpy bun
bundle bungalow bunk bureau bureaucratic burger burgle burial burlap burro bury bushel bushy
business bustle butcher butchery butte buttercup buttermilk buttock buxom buzzard byte cabbage
cabin cad caddie cadet cafeteria cajole cake calculation calculi calculus calibrate calk callous
calm calorie camel campaign campus canal cancel candlestick candor candy canker cannery cannon
canny canonical cantankerous canteen cap capability cape capillary capitalization capitalize
captain caption captivity capture car carbon carcinogenic cardboard cardiac cardigan cardinal
careful carelessness caretaker cargo caribou carnal carol carouse carp carriage cart cartel
cartilage cartography cartoon casino cassino castigate castoff castrate casualty categorical catsup
caucus caulk causal caution cavern cavity cavort cc cease ceasefire cedar celestial celibate cell
cellular cellulose cemetery censure centerpiece centralize centrifuge cereal ceremonial ceremony
certificate chaff chainsaw chair chairman chairmen chalet chalky challenge chamber change chant
chaotic chaplain char character charitably chassis chastisement chat cheat check checkpoint cheek
cheer cheesecloth chemist cherry cherubim chestnut children chili chilli chime chimney chimp chin
chisel chivalry chlorine choir cholesterol choosey choosy choppy choreography chose chronic
chronicle cigar cinder circuit circuitous circumcision circumference circumstantial citizenship
city civil civilize clack clam clamber clan clandestine clarity clash class classical clatter
claustrophobia claw clay clean clearance clearness cleavage clench cleric clerical clever
cleverness climate clinch cling clipt clitoris clix clockwise close clothespin cloudburst clout
cloven clue cluster clutter clvi clxii clxiv clxix clxvii coast coastline cocaine cockpit cockroach
cocktail cocky coconut coerce coercion coexist coffee coil coincidental colic collaboration
collarbone collector collegiate colonial colorful comedy comfortable commandeer commando commend
commendable commendation commentator commercialize commission commodity communal commune communist
commute comparative compare compassionate compel competition competitive complain completion
compliance complicate comply compost comprehensive compress comprise compromise compulsive
compulsory compunction computerize comrade con concatenate concentric conception conceptual concern
concerti conciliation conciseness concordance concourse concurrence concussion condemnation
condensation condense condescend conducive conductor confection confederacy confidant confident
confidential confirm confront confrontation confuse confusion conglomerate congress conifer
conjecture conjugal conjugate conjunction connective connotation conquer conscience consciousness
consecrate consent consequent conservatory consider considerable considerably consistency
consistent consolation consolidate conspiracy conspirator constancy constituency constrict construe
consulate consultancy consultant consumable contact contagion contemplate contemplative
contemporary contextual contiguous contingent continuation continuity continuum contour
contraception contractor contradiction contrary contrast contravene contributory control
controversial convalesce convalescent convene convenient convention conventional conversion
convertible convertor convey conveyance convict convulsion convulsive cook cooperate copperhead
core cornflakes corpse correct correction corrector correspondence correspondent corrode corrosion
corrupt corruptible cortex cosmetic cosmic cosmos costume cot cottage couch cougar could counsellor
counselor countdown countenance counterbalance counterfeit countess courage courageous courier
courthouse cousin covenant cowardice coyote cozy crab crabby craft cram cramp crane crap crawfish
craziness crazy creak creaky creditable credulous creed creep creepy cremate crepe crestfallen
cricket cripple crisis crisp crispy crisscross criteria criticize critique crocodile crofts croon
crop crouch crown crucial crucifix crudity crummy crunchy crust crux cs cue cuisine culinary
culminate culmination culpable cultivate cultivation cumbersome cumulative cunning cupsful curator
cure curfew curl currency curricula curry cursor curt curtail curtain curtsey custody customization
cut cute cutthroat cylinder cyst czar daintily daisy dam damp dampness dance dandelion danger
dangle darken darkness data database date daub daydreamt daytime daze dead deaden dearth debonair
debris debug decanter decay decease deceit deceitful decimal decisive decorator decorous dedication
deduction deepen default defeatist defecate defect defective defense defensible defiance defiant
defile definite definition deflect defraud defunct degenerate degradation deleterious deliberate
deliberation delicacy delicate delicatessen delicious delight delinquent deliria deliverance delude
deluge deluxe demagogue demeanor dementia demonstrably demoralize demote demount denial denigrate
denominator denote density dentistry denunciation deny deodorant department dependable dependant
depict deplete deportment deprecate depreciation deputy derange deride derivative derive derogatory
derrick descendent descriptive descriptor desecrate desegregation desert desirability desirable
desk desolation despicable destabilize destitute destitution destructive detectable detention
determine deterministic detonation detrimental devastation deviation device devise devote dextrous
diagram dial diameter diarrhoea diary dictate dictation dictator dictatorship dictionary
differential differentiate difficult diffusion dignitary dilapidated dilation dill dilute dilution
dimension dimensional diminutive dimple dinosaur diocese dioxide diphtheria diplomat diplomatically
dire directive directness directory disadvantage disagreeable disambiguate disappoint
disappointment disapprove disarm disavow disband disbelief disbursement discard discern disco
discoloration discomfort disconcert discontent discontinuity discordant discount discourage
discreet discrepancy discretion discussion disembark disenchantment disengage disgraceful
disgruntle dishonest dishonesty disincentive disinfectant disinherit disintegrate disinterested
disjoint disk dislocate dislocation dislodge dismantle dismay dismissal dismissive disobedient
disobey disorder disown disparate dispassionate dispensation dispense dispersal displace disposal
dispose disqualify disquiet disrespect disruption dissatisfy dissect dissection dissemination
disservice dissimilarity dissociate distaste distasteful distinctive distinguish distort
distraction distress disturb ditto dive divergent divert divisor dizziness document documentary
dogma dogmata dogwood doily dole doll dome domesticate domicile dominance dominant domination
domino don donation donor donut doodle doormen doorstep dopey dorsal double dour douse dove
downfall downhearted downtown downward draconian draftsman drafty drag dramatically dramatization
drank drape drastic drastically dread dream dreary dressy drift drily drink driven drizzle droll
dropout drown drudge drum drunk drunkenness dubious duck duckling due duet duff dumbbell dumbfound
dumpling dung dungeon dupe duplex durability duress dusk dusky dustbin dustpan dutiful dwarves
dwelt dwindle dynamo dysentery eager eagerness ear earshot earthworm eastern easygoing eavesdrop
echo ecological ecologist economic ecstasy eddy edgeways edict edit editor editorial effective
effeminate efficient effigy effusive egg eh eighteen eightieth eighty ejaculate eke elder eldest
election elector electorate electric electrocution electrode elegance element elevate elevator
eliminate elite elitist elk elliptical elucidate elusive emanate emancipate emancipation embalm
embezzle emblem embody emboss embrace embroider embroidery embryo emerge emergence emergent
emigration eminent emission emotion emotive empathy emphatically empirical employe employee
employment empty enact enamel enchant enchantment encompass encourage encyclopaedia end endanger
endeavor endive endless endow endways energy engagement enhance enigmatic enlarge enlist enlistment
enmity enormity enquire enrage enrichment enrollment enrolment ensure entail enthral enthrall
enthusiast entice entire entirety entomologist entrance entreat entreaty entrench enumeration
envelope environmental environs epaulette epic epilepsy epilog epithet equalize equator equilibrium
equinox equip equipment equity equivalence era ergo erode errant erstwhile especial essay essence
establish esthetic estrangement etch eternity ethereal ethical etymology euphemism eureka evacuate
evacuation evaluate evangelistic evaporation evasive evenness eventual eventuality evergreen
evermore everybody everyday everywhere ewe exacerbate exalt exaltation excavate exceed exception
exceptional excessive exclaim exclude exclusion exclusive excrete excruciating executive exemplary
exemplify exempt exertion exhaust exhibit exhilarate existence exodus exonerate expansion
expatriate expectant expectation expedition expense expertise expiration explain explanatory
explicable explicit exploit exploitation exploration explosion explosive exponent exposition
express expressive expulsion extant extension extent extermination external extinction extortionate
extraction extrapolate extrapolation extreme exuberance eye eyebrow eyesight eyesore fable fabulous
face facilitate fact factor factorial factorization factory faculty fade failure faint fair faith
faithful faithless fall fallacy falsetto familiar famine faraway farewell fascism fashion fast
fasten fatality fateful fatigue fatten fauna favorable favorite faze fearful fearless feasible
feast feature feces feel feint fellowship felt femininity ferocious ferocity fertilization
fertilize festivity festoon feted fetich fetid fetish feudal feudalism fever fez fiend fiery fifth
fight figurative figurehead filch file filet filth final finalist finger fingerprint finicky finish
fir firefighter fireproof firewood firm five fix fizz fizzy flabby flagpole flamingo flammable flap
flashback flatness flatten flattery flaunt flaw fleck fledgeling fleecy fleshy flex flick flight
flimsiness flimsy flint flip floodlight flop flora floral floss flotilla flow fluctuation fluency
flunkey flunky flutist flyover fm foe foggy fold foliage folklore foment fool foolishness foot
footage footprint footstep footwear footwork fora forbidden forbore force forceps forebode
forefinger foregone foreground forehead foreplay foreshadow foreskin forestall foretell forethought
forever forewarn forewent forgery forgetful forgive forgo forgotten forlorn form formation
formulation fort forthcoming forthright fortieth fortify fortress fortuitous fortunate fortune
foster foundation four fowl fracas fraction fragility fragrant frail frailty framework frankfurter
frantically fray freedom freeze french frequency frequent freshman freshwater friday friendship
frigate fright frigidity frill fringe frisk frock front frontage frostbite froth frothy frown
frustrate frustration fry fulfil fulfill fulness fumigation fun functional funnily furlong furnish
furniture furor fuse futility fuzzy gab gadget gal gala gale gall gallant gallows gamble gang
gangplank gape garage garden garlic garnet garnish gash gasket gasoline gasp gelatin genealogy
general generality generalization generalize generate generic genetic geneticist genial genie genre
gentleness geographic geology geometric geranium gesticulate get getaway ghetto gi giant gimme
gimmick ginger girl girlhood girth give gladiator glamor glamourize glare glass glaze gleam glib
glint glory glossary glove gluttony glycerin gnarl gnaw go goad goal goalie gob godchild
godchildren godless godparent godsend goggle gold goldfish goldsmith gone goodby goodwill goofy
gosh gosling got govern governmental gown grab gradation gradient graduation graft grain grand
granddaughter grant granule grape grapevine graphical grassy grate gratify gratuitous gratuity
gravel gravestone gray grease greedy greenback greenery greet grid gridiron grill grimace grimy
grisly grit gritty groggy groom grouch growth grumble guarantee gubernatorial guesswork guffaw
guidebook guideline guiltily guinea guise gulp gum gun gurgle guru gush gusty guy gybe gymnasia
gynecologist gyration habit habitation hack hackney haemoglobin haemorrhage hag haggard hail
hailstone hair hall hallelujah hallucination halon halt ham hamlet hamper hamster hamstring hand
handcuff handicap handicraft handkerchieves handlebar handsome haphazard happily happiness happy
harassment hardware harebrained harem hark harlot harmonic harmonica harmonize harmony harness
harrow haste hastily hat hatred haughtily haughty have haven hawk hay haystack haywire hazy he
headfirst headline headlong headmaster headphone headroom healthcare heap hear heart heartless
heath heavy hebrew hedgehog height hell hellish hello helmet help hemisphere hemoglobin hemp hence
henceforth henchman hepatitis herald herb hereby heretical hermaphrodite hermit heroine heroism
herpes hesitant heterosexual hexagonal hiatus hide hierarchical highjack hijack hilarious hilt
himself hind hippie hippy history hitchhike hither hoard hoax hobble hobby hock hockey hodgepodge
hoe holdup hole holster homeland homespun homeward homework homicidal homogenize homosexual
homosexuality honesty honeymoon honeysuckle honk honorary hook hoorah hooves hopeful horizon horny
horrify horseplay horseshoe horticulture hose hospitable hostage hostess housekeeper hovel however
howl hub hubbub huddle hue huffy hum humanism humanity humbly humbug humidify humiliate hummingbird
humorous hump hunchback hunk hunt hurrah hurricane hurt huskily huskiness husky hybrid hydraulic
hydroelectric hyphen hyphenate hypnotize hypochondria hypocrisy hypotheses hysteria hysterical ice
iceberg icebreaker icicle idealist identical identifiable identify idiom idiosyncrasy idiot idiotic
idyllic igloo ignition ignorant iguana ikon illegal illicit illusion illusory illustration
illustrative imagery imaginable imaginative imbalance imitate immediate immense immerse immigrant
immobile immoral immovable immunity immunization impale impartial impassable impeach impede
imperfect imperial impersonal impersonation impertinence impervious impetus implausible implicit
important importation impose impossible impossibly impotence impotent impound impoverish
impractical impregnate impression imprison improbable improve improvise inaccessible inadmissible
inadvertent inapplicable inaudible inaugurate inauspicious inbreed incapable incapacity
incarceration inception inch incision incite inclination inclose inclusive incognito incoherence
income incompetence incongruous inconsistency inconsistent inconsolable incorrect incredulous
incubator incur indecency indecent indefensible indentation independent index indicate indicator
indifference indifferent indigenous indigestible indignant indignation indiscriminate indisposed
indistinct individuality indoctrinate indomitable indoor indorsement induct indulge indulgence
industrialize industrious industry inefficiency inefficient inelegant inept inequality inert
inertia inevitably inexhaustible inexperience inexplicably inextricably infection infiltrate
infiltration infirm infirmity inflame inflammatory inflatable influence info informant infringe
ingenuity ingratiate inherit inheritance inhuman initialization initialize initiative inky innate
innkeeper innocence innocent innuendo inoffensive inordinate inquire inquisition inscribe
inscription insecure insecurity insert inside insignificance insinuation insistent insolent
insoluble insolvency inspect inspection inspire install installment instalment instep instigate
instinct institute instrumental insubordinate insufferable insular insult insurgent insurmountable
insurrection intake integer integral intellectual intelligent intelligibly intensify intent
intentional interact interaction interactive intercede intercept interdependent intermarriage
intermediary intermission intermittent internal international internet interpolation interpose
interrogate interrogator intersect interstate interval interview interweave intolerant intoxication
intractable intravenous intrigue intrinsic intrinsically introduce introspective introvert
intrusion intuition invariably invective invent inversion investigate inveterate invocation
involuntarily involuntary involvement iridescence iris iron ironic irrational irrefutable
irregularity irrelevant irreplaceable irrepressible irreproachable irrespective irresponsible
irretrievable irrevocably irritable irritably islam island isn't isolate isolation issue it
italicize itchy item itinerant iv ivy jack jackal jackdaw jagged jamb jamboree jargon jaundice
javelin jaywalk jeans jelly jeopardize jerky jest jew jig jinx jocular joyful joyous joystick
jubilant judaism judge judgment judo jug july juniper junkie juror jury justice justify juxtapose
kangaroo kelp kennel kerosene kerosine ketchup kettle key keystone khaki kick kickoff kidnap kidney
kill kilogram kilt kimono kinda kindness kindred kink kinky kipper kitchen kiwi knife knit knock
knuckle ko label labor lacerate lackluster lacquer lacrosse lacy lady ladybug lag laggard lagoon
landlady landlocked landowner landslid lanky lap lapel lascivious lash late lattice laud laugh
laughingstock laughter laureate lavatory lawful lawmaker lay layout laziness leach leapfrog leash
leathery lee leery left legion legislation legislative legislator legitimate leisure lemonade
length lengthwise leopard leper letdown letterhead lettuce letup levee level leverage levity lewd
lexicon liaison liar libel liberalization liberalize librarian libretto lichen lick lieu lifelike
ligature lightning lightweight lii likewise limbo limestone limitless line lineage linen lingo
liquid literary literate lithium litigation little liturgy live liveable liveliness lix load loan
loath loathsome loaves lobby lobbyist lobotomy local locality lock locust loftiness logarithmic
logic logo loin loincloth loll lollipop lonesome longevity longish longitudinal longshoremen look
loonie loop loophole loosen loudness loudspeaker lovable lowdown lubricant lucrative ludicrous lug
lukewarm lump luncheon lurch lxii lxix lxvi lyre lyrical ma macabre mace machinist macintosh madman
madness magazine magic magical magistrate magnanimous magnate magnetize magnolia mahogany mail maim
main mainline majesty majority makeshift male malicious mall malleable malpractice maltreat
mammalian mammoth man manacle manage manageable management managerial mandatory mandolin mane
mangle manicurist manifest manifestation manifold manipulate mannequin mansion manslaughter mantel
mantlepiece manual many maple mare margin marijuana marinate maritime marmalade marquee marry marsh
marshal marshy marsupial marvel marxism mask mason masterpiece mastery masticate mat match
matchless matchmaker mate material maternal maternity matrices matrimonial mattress maul mausolea
mausoleum mauve maximal maximize mayonnaise maze md me meager meander meaningless meantime measure
mechanism mediaeval mediator medicate mediocre meditate meek meekness megabyte melodic melody
memorandum men menace menstrual menstruation mentality menu meow mercantile mercy mere merge merit
mermaid merriment messenger messy metabolism metal metallurgy metaphor metaphorical meteorologist
meteorology methodical metro metropolitan mew miaow microorganism microscope midday middleman
midnight midriff midst midway midwife migrate mildew militancy militia milkman milky milliner
millinery mimicking mincemeat mindless mine miniature minibus minimalism minimalist ministerial
ministry minority minstrel minuet minus minute miracle miraculous mire mirror mirth misadventure
misappropriate misbehave miscarriage misconception miser misgiving misinterpret mislaid mislay
misled misplace missile mistake mistress misty mitigate mitt mitten mix mockingbird modernize
modesty modular modulate modulation module mohair moisture molar moldy mollusc mollusk molten
momentary momentum monarch monastery monastic monetarism mongoose monkey monogamous monolithic
monolog monologue monsoon monumental moo moose mop moratoria moratorium morbid more moreover moron
moronic morose morphine mortality mortification mosaic moslem mosque mossy moth motion motivation
motor motorcade motorcycle motorize motorway mountain mountainous mouse mousy mouth mouthful
mouthpiece movable moveable mow mu muddy mugginess muggy mulch multi multiple multiplicative
multiply mumble mummy mumps mural murky muse museum musician musk mustard musty mutant mutate
mutinous mutton my nab nail naive naivety naked nakedness nameless namesake napalm nappy narrate
narrowness national nationality nationwide natty natural naturalist naturalize naught naughtiness
naughty nauseous nautical nay nazi near nebula necktie necrophilia nectar needle needy negative
neglectful negligee negligence neigh neighborliness neither neon network neuroses neurosis neutron
nevertheless new newt nibble nicety niche nickel night nightclub ninetieth ninth nippy nite nitrate
nitwit nobility noblemen noblewomen nobly nocturnal noisiness nomadic nominate nominative
noncommittal none nonprofit nonstandard nontrivial noodle nook noose normal northeast northern
northward nostalgic nosy not nothing noticeable noticeably notification notion nougat noun nova
nowhere noxious numbness numeral numerator numeric numerical nutcracker nutrient nutrition nutty
nuzzle nymph o'clock oar oases obedience obfuscation object objection oblige oblong obnoxious
obsess obsessive obstetrics obstructive occupation occupational occupy ocean octagon octagonal
oddity odor of offend offshore offstage ogre ok olden omega omelet omnibus omnipresent once oneself
ongoing onion onrush onslaught onus open operand operate operator opinion opium opportunist
opportunity oppose oppression optic optical optimist orange orangutan oration oratory orchestrate
ordeal order ordinary ordination organist orientate origin original originate ornate orthodontist
orthogonal orthography oscillation ostensibly ouch ought ounce outcast outclass outcome outcry
outdistance outfield outhouse outlaw outlay outline outlying outnumber outran outright outset
outshine outshone outside outstrip ova oval ovation oven overbore overburden overcome overdone
overdraw overdrawn overhang overhear overkill overland overlook overpass overpopulation overreact
oversaw overseas overseen overshadow overshoot oversleep overturn overweight overwhelm owl
ownership ox oxen pace pacifism pacify pack paddy page pagoda paid pail painstaking paint pair
palate pale paleontology palette pamphlet pan pane panel pang panhandle panicky panoramic pant
panther panty paperwork papyrus parable paradox paraffin paralytic parasite parenthesis park
parliamentary parole parrakeet parrot parsley parsnip part participate participation participle
particle particular partition partook partridge party passage passbook passionate passover pastel
pasteurization pastoral patchwork pate patent paternalism pathetic pathway patient patriarch
patriot patronage patronize pattern paunchy pave paw pawn pawnbroker payload payment peaceable
peaceful peal pearl peck pedagogy pedal pediatrician pedigree peek peel peer peevish pelvic pelvis
penalize penchant pencil penguin penniless penny pentagonal peon peony pep percolate perennial
perfection perforation performance perfume perfunctory perhaps peril perilous peripheral periphery
perjure permanent pernicious perplex perplexity persecution persecutor perseverance persevere
persist persistence person personal personnel perspiration persuasion pervasive perversion pervert
pessimism pest petal pettiness petulant petunia pewter phantom pharmacist pharmacy phase phenomenon
philosophical philosophy phlegmatic phoenix phone phonetic phonograph phosphor phosphorescent
photogenic photographic photography physical physique piano pickaxe pickup picnicking picture
piddle piece piety pigeonhole piggish pigpen pigtail pile pilgrim pilgrimage pillage pillar pilot
pinch pincushion pinnacle pipe pipeline pirate pirouette pistachio pitch pitchfork piteous pitiless
pivotal placard placate placement placenta plagiarism plagiarize plague plaid planetaria
planetarium plantation plaque plasma plate platinum platoon plausible playpen plaza plea plentiful
plethora plop plot plug plum plumage plume plummet plus plush pneumatic pockmark pod podia podium
poetical poinsettia point pointless poky police politeness politics pollen pollinate polo polygamy
polygon polytechnic pontoon pony pool poop poor popcorn pope popular pork porous portability
portable portfolio porthole possess possibly possum postal postbox postcard posterior postman
postmark postponement postulate pottery pound power powerless pr practical practicality prairie
praise praiseworthy pram prank prattle prawn pray precarious precaution precautionary precede
precinct precious precipitation precipitous preconceive predefined predicament predicate
predictable predictor predominate preeminence preempt prefab preface prefer pregnant prejudice
prejudicial preliminary prelude premeditation preoccupy preparation prepare preponderance
preposterous present preservative preserve presidency presumably presumption presumptuous pretence
pretend pretense prevail prevue pride principality priority prison privatization privatize privy
pro probability problem procedure proceed process proclaim proclamation procrastinate procure
produce profanity profess professor proficiency proficient profile profiteer profundity profusion
prognoses program programmable programme progression prohibition prohibitive project projection
projector proletarian proletariat proliferation prolog prolong prom promiscuity promise promote
promulgate propagation propel propensity prophetic proponent proportion proportionate propose
proposition propositional prospect prospectus prosper protagonist protection protective protest
protestant protocol proton proverb provide provincial provision prowess proxy prude psyche psychic
psychoanalysis psychological psychopath psychosis pub publication puddle pueblo puffy puke pullover
pulsation pulse pump pumpernickel pun punchline punctuate punctuation punish punishable punk puny
pup pupil puppet puree purse pursue put putative putty pyramid pyre python quadratic quadrilateral
quagmire quail quaint qualification qualitative quantity quarry quartz quay queasy question queue
quibble quick quicksand quiet quip quizzical qur'ans rabid race racism racquet radiate radiation
radioactivity radium ragamuffin raid rain raindrop rainforest rampant ramshackle rancor randomness
rang range rankle rapturous rascal ratio rationalize rattle rattlesnake ravage raven rayon re react
reactor read readership readiness readjust realist reap rear reasonably rebellious reborn rebuff
recall recent receptacle reception recess reciprocal reciprocate recital recite recklessness reckon
recluse recognize recommend recompense recompile reconciliation reconsider recoverable recreation
recruitment rectangle rectify recuperation recurrent recursion recursive redeem redefinition
redhead redid redirect redirection rediscover redraft reduce reduction reef reelect refinement
reflector reflexive reformat refraction refrain refreshment refrigerator refund refurbish refusal
refute regal regardless regatta regenerate regeneration registration regress regrettable regularity
regulation regurgitate rehabilitate rehabilitation rehearsal reign reimbursement reincarnate
reincarnation reiteration reject rejoinder relapse relationship relativistic relaxation releasable
relegate relent reliable reliance religion religious relinquish reload relocate remade remake
remark remarkable remember reminiscent remit removable renaissance rendition renegade renewable
rent renunciation reopen reorganization repatriate repeat repeatable repellant repentant replica
representative repression repressive reprint reproduce repudiation repulsive reputable repute
request reservoir reset reside residence resign resilient resonance resort resound respect respond
restart restful restlessness restructure resubmit resultant resurface resurrect resuscitate retail
retaliate retch reticence retirement retreat retrograde retrospect retry returnable reveal revenge
revenue revere reverent reversible revert revile revision revisit revival revive revolutionary
revue rewritten rhapsody rhetoric rhino rhyme rice rickety ricksha riddance ridge rift right
rightful rigid rigidity rigor rile rim ring ringleader risk risky rival rivalry road roam robin
robot robust robustness rock rodent roguish role romance rook room roomy roost root rostrum rosy
rotary rotate rotation rotisserie rouge roughen rout rowdy rubric rude rudimentary rue ruffian
rugby ruin ruminate rummage rumor rundown runny rush rut sac sacred sadden safekeeping sagebrush
sale saleable salesman saleswoman saleswomen saliva salon salty salutation salvage same sameness
sanatorium sanctimonious sanction sandman sarcastically saree sari sash sat satan satchel satin
satisfactory saucy sauna saunter sausage savage save savor savory savvy saxophone scab scallop
scamper scapegoat scissor scoot scorch scoundrel scout scowl scrabble scrapbook scrape scrawl
scrawny scream screen screwdriver script scrupulous sculptor scuttle sea seafaring seam seaport
search seasickness seclude second secret section secular sedan sedentary sedimentary seduction
seethe segment segregate seize seizure self selfish semantic semen semicolon senate send senior
sensationalism sensible sensibly sensitive sentient sentry separator september sepulcher sequential
serial seriousness servant serve serviceman servicemen serviette servile session seven seventeen
several severe sew sewage sexism sexist shadow shampoo shark shave shaykh she sheath sheikh shelf
sherbert sherbet sherry shield shipshape shipwreck shire shorten shortlist shortness shotgun show
showman shrank shriek shrimp shrine shrivel shroud shrub shrug shut shutdown shuttle sick sicken
sidestep sigma sign signature signify silhouette silly silo silversmith similar simmer simplicity
simplification simply simulation singular sink sir sirloin sister six sixpence skate skateboard
skein skeleton skillet skimp skin skinny skip skirt skulk sky skylight skyrocket slander slang slat
slave sledgehammer sleep sleeve slice slick slid slily slip slither sloppy sloth sluice slur smack
smattering smelt smidgeon smirk smoke smokestack smoky smoothness smother smuggle smut snap
snapshot snide snipe snobbery snobbish snorkel snot snowdrift snowfall snuggle soar sob sociable
social socialist society sociological sociologist sociology sock socket sodden soften software
soggy solace solar solicit solitude someday someone something soon soothe sooty sop sophomore
sorcery sore sorrow sorry soundtrack sour source south southern southpaw souvenir sovereign spa
space spacecraft spade span spaniel sparrow spay speak specialty species specifically specimen
specious speck specter spectrum speculate speech speechless spellbound spent sphere sphinges sphinx
spicy spill spinster spiral spit spite splash spokesman spokesperson spokeswoman sponge sponsor
spontaneous sporran sportsmanship spotless spotty sprang sprawl springboard springtime springy
spruce spry spud spunk spurious spurt squabble squad square squawk squeamish squelch squid squirm
squirt staff stagnant stain stairway stamina stanza starboard starch starfish starlight state
statesmen static stature stave stay stealth stealthily steam steamy steeple stellar stenography
step stepladder stereotype sterile sterling stern stew stewardess stiffen stiffness stifle
stimulant stimulation sting stinginess stipulate stipulation stirrup stock stodgy stomp stoop
stoppage storage storehouse stork stormy straggle straight straightjacket strait strange streak
strengthen strenuous stretch strict string stripe stript strode stroke stroll strove structuralist
strum strung stubborn stubby stud student study stuff stuffy stunt stupidity stutter stylish stylus
subconscious subdivide subjective submarine submission subordinate subprogram subscript subside
subsidy subsist subsistence substandard subtle subtract subvert successful succinct succumb suckle
sudden suds sue suffer suffice suffocation suicidal suit suitability suitable sultan sultry sum
summit summon sumptuous sun sunbathe sundae sundry sung sunken sunset superb supercomputer
superfluous superintendent supermarket superscript supersonic superstar superstition supervisor
supple supplement suppose supposition surcharge surf surge surgeon surmise surplus surprise surreal
survival survive sustain swagger swam swarm swarthy sway swear sweetheart swell swept swill swipe
switchboard swoon symbolic symbolism symbolize symmetrical symmetry sympathize symphonic symphony
synchronize synopses syntheses syphilis table tablespoonful tacit taciturn taco tact tactic
tactical tactless tag tail takeoff talc talkative tall tan tank tankard tantalize tapestry target
tariff tarpaulin tartan tartar task tassel tasty tattle tavern tawny tax taxi taxpayer teacup
teammate teamster teapot tearful tease technicality technician teen teepee telegram telegraph
telepathy temperance temperate tempi temptation tenable tendency tenderize tendon tension tensors
tent tentacle tentative tepee terminal terminology termite terrace terrestrial terrorism terse
testable testament testimony testis tether textbook texture theater theft theme themselves then
theological theoretical theorist therapy therein thereon thereupon thermostat thesis they thicken
thickness thieve thin thirsty this thorn thoroughbred thread threshold threw throat throttle
throwaway throwback thrown thrust thug thumb thump thunder thunderous thursday thyroid ticket
tickle ticklish tidy tighten tilt time timeless timezone timid timidity ting tinge tinsel tirade
tireless tiresome titbit tnt toad toadstool toboggan toenail toga together token told tolerance
tolerate tome tonal tone tonight tonne tonsil toot toothpaste top topic topical torch tore torment
torn torso tortoise toss tot total totalitarian towel townspeople toxic toy track trade trademark
traditionalist traffic trafficking tragedy tragic train tramp trample tranquility tranquillize
transfer transferable transformation transgression transit transitional translucent transmission
transparent transportable transportation transpose trap travel traverse treacle tread treaty trek
trellis trend trendy trepidation trespass triangle tribunal tributary trickery trickle tricycle
trigonometry trimester trio trip tripe triumphant trivia trod trolly tropical troublesome truancy
truce truck trudge trunk trustee trustful truthful try tsar tub tube tuberculosis tubular tuna tune
turban turbulent turf turmoil turnover turpentine tutor tuxedo tweak twig twilight twinge two
tycoon type typhoon typify typographic typographical tzar ufo ugh ultra ultraviolet umbrella
unaccepted unaccountable unaltered unambiguous unanswerable unanswered unassigned unattainable
unattractive unbiased unborn unbreakable unbroken unceasing uncle uncommon unconditional
unconnected unconscious unconvincing uncover undecided undemocratic undercover undercurrent
underestimate underhanded underlying underneath underpants underpass underscore understate
understudy underwear underweight underwrite undeserved undetected undeveloped undocumented undress
undue uneasiness uneasy unemployable unemployment unenlightened uneven unfailing unfair unfamiliar
unfeeling unfold unforgettable ungodly unhappily unhappy unification unimportant uninformative
uninformed uninhibited unintelligent unintentional uninterested uninteresting unit unite universe
unjustifiable unkempt unkind unlawful unlimited unload unmask unmistakable unmistakably unnecessary
unnerve unnoticed unobtainable unoriginal unorthodox unpleasant unprecedented unpredictable
unprepared unprovoked unquestionable unread unreal unremarkable unresolved unrest unrivalled unsaid
unsavory unseasonable unsettle unspeakable unsuited unthinkable until unto untold untrained untrue
unusable unveil unwell unworkable update upheaval uphill upon uprising uproot upstanding upstream
uptown urbane urinate usable usage usefulness useless uselessness usurp utilitarian utilization
utterance va vacant vacate vacation vaccinate vacua validate vandal vanquish vaporize variable
various varsity vase veal veer vegetable vegetarian vegetarianism vehement veil vein vend venerable
vengeful venomous ventilate ventricle venture veracity veranda verandah verdict verge verification
versatile vertebrae vertebrate vertical very vessel via viability viable vibrate vice victim
victory video vie view vigor vile villa village vindictive vine vinegar violence violet violin
virgin virtue virtuosi virtuous virus visionary vital vitriolic vivacity vivisection vizor
vocabulary vogue void volatile volcano volleyball voltage voluntarily voluntary vouch vulnerability
wade wage waistline waive wall wallop wallpaper walnut warfare warhead warm wash waste watchdog
water watercolor waterfall watermark watermelon watershed waterworks watt wave wavy way wayside
wayward weak weaken weakness wealthy wean weaponry wearily weariness weary weasel web wedge weekend
weight weighty weird weirdness welcome welt werewolf wharf whatsoever wheedle when whereabouts whet
whether whew whiff while whinny whisk whisky white whiteness whitewash wholehearted wholesale
wholesome why wide widow wig wiggle wildcat wildlife wildness wilful willful wilt winch windfall
window wine wink winter wintertime wish wishbone wishful with without witticism wizened women
wonder wooden woof wordy work workbook workman workmanship world worthy wot wrapt wrath wretch
wristwatch write xciv xi xiii xmas xv xxix xxvi xxxi xxxix xxxvi xxxvii yank yap yawn year yiddish
yodel yoghurt yuck ywca zealous zenith zip zombi zombie zoo zoology)";

}  // namespace tripost
