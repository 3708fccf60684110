/** A region is a whole stack of its own: North and South America, Europe with Africa and the Middle East, Asia with Oceania. */
export const regions = ['na', 'eu', 'ap'] as const
export type Region = (typeof regions)[number]

/** Where each region's stack stands, for great-circle distances (degrees, WGS 84). */
export const regionPlace: Readonly<Record<Region, { name: string; lat: number; lon: number }>> = {
  na: { name: 'Virginia', lat: 39.04, lon: -77.49 },
  eu: { name: 'Frankfurt', lat: 50.11, lon: 8.68 },
  ap: { name: 'Singapore', lat: 1.29, lon: 103.85 },
}

/** ISO 3166-1 alpha-2, in capitals; `isCountryCode` tells which exist. */
export type CountryCode = string

type Continent = 'AF' | 'AN' | 'AS' | 'EU' | 'NA' | 'OC' | 'SA'

/** A country's owner, everyday currency (ISO 4217), continent (GeoNames code) and its capital's place in degrees. */
export type Country = { region: Region; currency: string; continent: Continent; lat: number; lon: number }

/** Every country by ISO 3166-1 alpha-2 code, and XK, the user-assigned code that geo data gives for Kosovo. */
export const countries: Readonly<Record<CountryCode, Country>> = parseCountries({
  'na NA': `AG XCD 17.12 -61.84,AI XCD 18.22 -63.06,AW AWG 12.52 -70.03,BB BBD 13.11 -59.62,BL EUR 17.9 -62.85,
BM BMD 32.29 -64.78,BQ USD 12.15 -68.27,BS BSD 25.06 -77.34,BZ BZD 17.25 -88.77,CA CAD 45.41 -75.7,
CR CRC 9.93 -84.08,CU CUP 23.13 -82.38,CW XCG 12.11 -68.93,DM XCD 15.3 -61.39,DO DOP 18.47 -69.89,
GD XCD 12.05 -61.75,GL DKK 64.18 -51.72,GP EUR 16 -61.73,GT GTQ 14.64 -90.51,HN HNL 14.08 -87.21,
HT HTG 18.54 -72.34,JM JMD 18 -76.79,KN XCD 17.3 -62.72,KY KYD 19.29 -81.37,LC XCD 14 -61.01,
MF EUR 18.07 -63.08,MQ EUR 14.6 -61.07,MS XCD 16.71 -62.21,MX MXN 19.43 -99.13,NI NIO 12.13 -86.25,
PA PAB 8.99 -79.52,PM EUR 46.78 -56.18,PR USD 18.47 -66.11,SV USD 13.69 -89.19,SX XCG 18.03 -63.05,
TC USD 21.46 -71.14,TT TTD 10.67 -61.52,US USD 38.9 -77.04,VC XCD 13.16 -61.23,VG USD 18.43 -64.62,
VI USD 18.34 -64.93`,
  'na SA': `AR ARS -34.61 -58.38,BO BOB -19.03 -65.26,BR BRL -15.78 -47.93,CL CLP -33.46 -70.65,CO COP 4.61 -74.08,
EC USD -0.23 -78.52,FK FKP -51.69 -57.86,GF EUR 4.93 -52.33,GY GYD 6.8 -58.16,PE PEN -12.04 -77.03,
PY PYG -25.29 -57.65,SR SRD 5.87 -55.17,UY UYU -34.9 -56.19,VE VES 10.49 -66.88`,
  'na AN': `BV NOK -54.42 3.36,GS GBP -54.28 -36.51`,
  'eu EU': `AD EUR 42.51 1.52,AL ALL 41.33 19.82,AT EUR 48.21 16.37,AX EUR 60.1 19.93,BA BAM 43.85 18.36,
BE EUR 50.85 4.35,BG EUR 42.7 23.32,BY BYN 53.9 27.57,CH CHF 46.95 7.45,CY EUR 35.18 33.36,
CZ CZK 50.09 14.42,DE EUR 52.52 13.41,DK DKK 55.68 12.57,EE EUR 59.44 24.75,ES EUR 40.42 -3.7,
FI EUR 60.17 24.94,FO DKK 62.01 -6.77,FR EUR 48.85 2.35,GB GBP 51.51 -0.13,GG GBP 49.46 -2.54,
GI GIP 36.14 -5.35,GR EUR 37.98 23.73,HR EUR 45.81 15.98,HU HUF 47.5 19.04,IE EUR 53.33 -6.25,
IM GBP 54.15 -4.48,IS ISK 64.14 -21.9,IT EUR 41.89 12.51,JE GBP 49.19 -2.1,LI CHF 47.14 9.52,
LT EUR 54.69 25.28,LU EUR 49.61 6.13,LV EUR 56.95 24.11,MC EUR 43.73 7.42,MD MDL 47.01 28.86,
ME EUR 42.44 19.26,MK MKD 42 21.43,MT EUR 35.9 14.51,NL EUR 52.37 4.89,NO NOK 59.91 10.75,PL PLN 52.23 21.01,
PT EUR 38.72 -9.13,RO RON 44.43 26.11,RS RSD 44.8 20.47,RU RUB 55.75 37.62,SE SEK 59.33 18.07,
SI EUR 46.05 14.51,SJ NOK 78.22 15.65,SK EUR 48.15 17.11,SM EUR 43.94 12.45,UA UAH 50.45 30.52,
VA EUR 41.9 12.45,XK EUR 42.67 21.17`,
  'eu AF': `AO AOA -8.84 13.23,BF XOF 12.37 -1.53,BI BIF -3.43 29.92,BJ XOF 6.5 2.6,BW BWP -24.65 25.91,
CD CDF -4.33 15.31,CF XAF 4.36 18.55,CG XAF -4.27 15.28,CI XOF 6.82 -5.28,CM XAF 3.87 11.52,
CV CVE 14.93 -23.51,DJ DJF 11.59 43.15,DZ DZD 36.73 3.09,EG EGP 30.06 31.25,EH MAD 27.15 -13.2,
ER ERN 15.34 38.93,ET ETB 9.02 38.75,GA XAF 0.39 9.45,GH GHS 5.56 -0.2,GM GMD 13.45 -16.58,
GN GNF 9.54 -13.68,GQ XAF 3.76 8.78,GW XOF 11.86 -15.6,KE KES -1.28 36.82,KM KMF -11.7 43.26,
LR LRD 6.3 -10.8,LS LSL -29.32 27.48,LY LYD 32.89 13.19,MA MAD 34.01 -6.83,MG MGA -18.91 47.54,
ML XOF 12.65 -8,MR MRU 18.09 -15.98,MU MUR -20.16 57.5,MW MWK -13.97 33.79,MZ MZN -25.97 32.58,
NA NAD -22.56 17.08,NE XOF 13.51 2.11,NG NGN 9.06 7.5,RE EUR -20.88 55.45,RW RWF -1.95 30.06,
SC SCR -4.62 55.46,SD SDG 15.55 32.53,SH SHP -15.94 -5.72,SL SLE 8.49 -13.24,SN XOF 14.69 -17.44,
SO SOS 2.04 45.34,SS SSP 4.85 31.58,ST STN 0.34 6.73,SZ SZL -26.32 31.13,TD XAF 12.11 15.04,TG XOF 6.13 1.22,
TN TND 36.82 10.17,TZ TZS -6.17 35.74,UG UGX 0.32 32.58,YT EUR -12.78 45.23,ZA ZAR -25.74 28.19,
ZM ZMW -15.41 28.29,ZW ZWG -17.83 31.05`,
  'eu AS': `AE AED 24.45 54.4,AM AMD 40.18 44.51,AZ AZN 40.38 49.89,BH BHD 26.23 50.59,GE GEL 41.69 44.83,
IL ILS 31.77 35.22,IQ IQD 33.34 44.4,IR IRR 35.69 51.42,JO JOD 31.96 35.95,KW KWD 29.37 47.98,
LB LBP 33.89 35.5,OM OMR 23.58 58.41,PS ILS 31.9 35.2,QA QAR 25.29 51.53,SA SAR 24.69 46.72,
SY SYP 33.51 36.29,TR TRY 39.92 32.85,YE YER 15.35 44.21`,
  'eu AN': `TF EUR -49.35 70.22`,
  'ap AS': `AF AFN 34.53 69.17,BD BDT 23.71 90.41,BN BND 4.89 114.94,BT BTN 27.47 89.64,CC AUD -12.19 96.83,
CN CNY 39.91 116.4,CX AUD -10.42 105.68,HK HKD 22.28 114.17,ID IDR -6.21 106.85,IN INR 28.64 77.22,
IO USD -7.31 72.41,JP JPY 35.69 139.69,KG KGS 42.87 74.59,KH KHR 11.56 104.92,KP KPW 39.03 125.75,
KR KRW 37.57 126.98,KZ KZT 51.18 71.45,LA LAK 17.97 102.6,LK LKR 6.94 79.85,MM MMK 19.75 96.13,
MN MNT 47.91 106.88,MO MOP 22.2 113.55,MV MVR 4.18 73.51,MY MYR 3.14 101.69,NP NPR 27.7 85.32,
PH PHP 14.6 120.98,PK PKR 33.72 73.04,SG SGD 1.29 103.85,TH THB 13.75 100.5,TJ TJS 38.54 68.78,
TL USD -8.56 125.57,TM TMT 37.95 58.38,TW TWD 25.05 121.53,UZ UZS 41.26 69.22,VN VND 21.02 105.84`,
  'ap OC': `AS USD -14.28 -170.7,AU AUD -35.28 149.13,CK NZD -21.21 -159.78,FJ FJD -18.14 178.44,FM USD 6.92 158.16,
GU USD 13.48 144.75,KI AUD 1.33 172.98,MH USD 7.09 171.38,MP USD 15.21 145.75,NC XPF -22.27 166.45,
NF AUD -29.05 167.97,NR AUD -0.55 166.92,NU NZD -19.05 -169.92,NZ NZD -41.29 174.78,PF XPF -17.54 -149.57,
PG PGK -9.48 147.15,PN NZD -25.07 -130.1,PW USD 7.5 134.62,SB SBD -9.43 159.95,TK NZD -9.2 -171.85,
TO TOP -21.14 -175.2,TV AUD -8.52 179.19,UM USD 19.28 166.65,VU VUV -17.74 168.31,WF XPF -13.28 -176.17,
WS WST -13.83 -171.77`,
  'ap AN': `AQ USD -77.85 166.67,HM AUD -53.1 73.51`,
})

export const countryCodes: readonly CountryCode[] = Object.keys(countries).sort()

/** Tells whether a value is the code of one of our regions. */
export function isRegion(value: unknown): value is Region {
  return regions.includes(value as Region)
}

/** Tells whether a text is a country code that we know, in capitals. */
export function isCountryCode(code: string): boolean {
  return Object.hasOwn(countries, code)
}

/** Gives the region that owns a country's accounts and posts, or undefined for a code that is no country. */
export function regionOfCountry(code: string): Region | undefined {
  return isCountryCode(code) ? countries[code]?.region : undefined
}

/** Reads `region continent` → `code currency lat lon,…`, a form that ships in 5 kB. */
function parseCountries(table: Record<string, string>): Record<string, Country> {
  const parsed: Record<string, Country> = {}
  for (const [owner, rows] of Object.entries(table)) {
    const [region, continent] = owner.split(' ') as [Region, Continent]
    for (const row of rows.split(',')) {
      const [code = '', currency = '', lat, lon] = row.trim().split(' ')
      parsed[code] = { region, currency, continent, lat: Number(lat), lon: Number(lon) }
    }
  }
  return parsed
}
