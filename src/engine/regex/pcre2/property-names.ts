/** The properties that PCRE2 10.42 knows, by their names without case, spaces, `_` and `-`, and the bytes that have each. */

/** Bytes, and ranges of them, in hexadecimal, and the properties that they have, two scripts among them. */
export const PROPERTIES: readonly (readonly [bytes: string, names: string])[] = [
  ["30-39 41-46 61-66", "ahex asciihexdigit hex hexdigit"],
  ["41-5a 61-7a aa b5 ba c0-d6 d8-f6 f8-ff", "alpha alphabetic bidil cased ids idstart l xids xidstart"],
  ["0-ff", "any"],
  ["0-7f", "ascii"],
  ["a d 1c-1e 85", "bidib"],
  ["0-8 e-1b 7f-84 86-9f ad", "bidibn"],
  ["2c 2e-2f 3a a0", "bidics"],
  ["30-39 b2-b3 b9", "bidien"],
  ["2b 2d", "bidies"],
  ["23-25 a2-a5 b0-b1", "bidiet"],
  ["28-29 3c 3e 5b 5d 7b 7d ab bb", "bidim bidimirrored"],
  ["21-22 26-2a 3b-40 5b-60 7b-7e a1 a6-a9 ab-ac ae-af b4 b6-b8 bb-bf d7 f7", "bidion"],
  ["9 b 1f", "bidis"],
  ["c 20", "bidiws"],
  ["0-1f 7f-9f ad", "c"],
  ["27 2e 3a 5e 60 a8 ad af b4 b7-b8", "caseignorable ci"],
  ["0-1f 7f-9f", "cc"],
  ["ad", "cf defaultignorablecodepoint di"],
  ["41-5a b5 c0-d6 d8-df", "changeswhencasefolded cwcf"],
  ["41-5a 61-7a b5 c0-d6 d8-f6 f8-ff", "changeswhencasemapped cwcm l& lc"],
  ["41-5a c0-d6 d8-de", "changeswhenlowercased cwl lu upper uppercase"],
  ["61-7a b5 df-f6 f8-ff", "changeswhentitlecased changeswhenuppercased cwt cwu ll"],
  ["0-40 5b-60 7b-a9 ab-b9 bb-bf d7 f7", "common zyyy"],
  ["2d", "dash pd"],
  ["5e 60 a8 af b4 b7-b8", "dia diacritic"],
  ["23 2a 30-39", "ecomp emojicomponent"],
  ["23 2a 30-39 a9 ae", "emoji"],
  ["b7", "ext extender"],
  ["a9 ae", "extendedpictographic extpict"],
  ["20-7e a0-ac ae-ff", "graphemebase grbase"],
  ["30-39 41-5a 5f 61-7a aa b5 b7 ba c0-d6 d8-f6 f8-ff", "idc idcontinue xidc xidcontinue"],
  ["41-5a 61-7a aa ba c0-d6 d8-f6 f8-ff", "latin latn"],
  ["aa ba", "lo"],
  ["61-7a aa b5 ba df-f6 f8-ff", "lower lowercase"],
  ["2b 3c-3e 5e 7c 7e ac b1 d7 f7", "math"],
  ["30-39 b2-b3 b9 bc-be", "n"],
  ["30-39", "nd"],
  ["b2-b3 b9 bc-be", "no"],
  ["21-23 25-2a 2c-2f 3a-3b 3f-40 5b-5d 5f 7b 7d a1 a7 ab b6-b7 bb bf", "p"],
  ["21-2f 3a-40 5b-5e 60 7b-7e a1-a7 a9 ab-ac ae b0-b1 b6 bb bf d7 f7", "patsyn patternsyntax"],
  ["9-d 20 85", "patternwhitespace patws"],
  ["5f", "pc"],
  ["29 5d 7d", "pe"],
  ["bb", "pf"],
  ["ab", "pi"],
  ["21-23 25-27 2a 2c 2e-2f 3a-3b 3f-40 5c a1 a7 b6-b7 bf", "po"],
  ["28 5b 7b", "ps"],
  ["22 27 ab bb", "qmark quotationmark"],
  ["24 2b 3c-3e 5e 60 7c 7e a2-a6 a8-a9 ac ae-b1 b4 b8 d7 f7", "s"],
  ["24 a2-a5", "sc"],
  ["69-6a", "sd softdotted"],
  ["21 2e 3f", "sentenceterminal sterm"],
  ["5e 60 a8 af b4 b8", "sk"],
  ["2b 3c-3e 7c 7e ac b1 d7 f7", "sm"],
  ["a6 a9 ae b0", "so"],
  ["9-d 20 85 a0", "space whitespace wspace xps xsp"],
  ["21 2c 2e 3a-3b 3f", "term terminalpunctuation"],
  ["30-39 41-5a 61-7a aa b2-b3 b5 b9-ba bc-be c0-d6 d8-f6 f8-ff", "xan"],
  ["24 40 60 a0-ff", "xuc"],
  ["30-39 41-5a 5f 61-7a aa b2-b3 b5 b9-ba bc-be c0-d6 d8-f6 f8-ff", "xwd"],
  ["20 a0", "z zs"],
];

/** Properties that no byte has, but for scripts. */
export const OF_NO_BYTE = `
  bidial bidian bidic bidicontrol bidifsi bidilre bidilri bidilro bidinsm bidipdf bidipdi bidir bidirle bidirli
  bidirlo cn co cs dep deprecated ebase emod emojimodifier emojimodifierbase emojipresentation epres
  graphemeextend graphemelink grext grlink ideo ideographic idsb idsbinaryoperator idst idstrinaryoperator joinc
  joincontrol lm loe logicalorderexception lt m mc me mn nchar nl noncharactercodepoint pcm
  prependedconcatenationmark radical regionalindicator ri uideo unifiedideograph variationselector vs zl zp
`;

/** Scripts: but for Latin, and what is common to all, no byte is written in them. */
export const SCRIPTS = `
  adlam adlm aghb ahom anatolianhieroglyphs arab arabic armenian armi armn avestan avst bali balinese bamu bamum
  bass bassavah batak batk beng bengali bhaiksuki bhks bopo bopomofo brah brahmi brai braille bugi buginese buhd
  buhid cakm canadianaboriginal cans cari carian caucasianalbanian chakma cham cher cherokee chorasmian chrs
  common copt coptic cpmn cprt cuneiform cypriot cyprominoan cyrillic cyrl deseret deva devanagari diak divesakuru
  dogr dogra dsrt dupl duployan egyp egyptianhieroglyphs elba elbasan elym elymaic ethi ethiopic geor georgian
  glag glagolitic gong gonm goth gothic gran grantha greek grek gujarati gujr gunjalagondi gurmukhi guru han hang
  hangul hani hanifirohingya hano hanunoo hatr hatran hebr hebrew hira hiragana hluw hmng hmnp hung
  imperialaramaic inherited inscriptionalpahlavi inscriptionalparthian ital java javanese kaithi kali kana kannada
  katakana kayahli khar kharoshthi khitansmallscript khmer khmr khoj khojki khudawadi kits knda kthi lana lao laoo
  latin latn lepc lepcha limb limbu lina linb lineara linearb lisu lyci lycian lydi lydian mahajani mahj maka
  makasar malayalam mand mandaic mani manichaean marc marchen masaramgondi medefaidrin medf meeteimayek mend
  mendekikakui merc mero meroiticcursive meroitichieroglyphs miao mlym modi mong mongolian mro mroo mtei mult
  multani myanmar mymr nabataean nand nandinagari narb nbat newa newtailue nko nkoo nshu nushu
  nyiakengpuachuehmong ogam ogham olchiki olck oldhungarian olditalic oldnortharabian oldpermic oldpersian
  oldsogdian oldsoutharabian oldturkic olduyghur oriya orkh orya osage osge osma osmanya ougr pahawhhmong palm
  palmyrene pauc paucinhau perm phag phagspa phli phlp phnx phoenician plrd prti psalterpahlavi qaac qaai rejang
  rjng rohg runic runr samaritan samr sarb saur saurashtra sgnw sharada shavian shaw shrd sidd siddham signwriting
  sind sinh sinhala sogd sogdian sogo sora sorasompeng soyo soyombo sund sundanese sylo sylotinagri syrc syriac
  tagalog tagb tagbanwa taile taitham taiviet takr takri tale talu tamil taml tang tangsa tangut tavt telu telugu
  tfng tglg thaa thaana thai tibetan tibt tifinagh tirh tirhuta tnsa toto ugar ugaritic unknown vai vaii vith
  vithkuqi wancho wara warangciti wcho xpeo xsux yezi yezidi yi yiii zanabazarsquare zanb zinh zyyy zzzz
`;
