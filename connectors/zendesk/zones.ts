/**
 * Time zones as Zendesk names them, which are Rails' names, and the IANA zones they mean. The one place for it.
 *
 * Rails' list is ActiveSupport::TimeZone::MAPPING (https://api.rubyonrails.org/classes/ActiveSupport/TimeZone.html,
 * remembered, not verified). A name that is missing here is reported as unknown and compared by nobody.
 */

/** Named like the city of their zone. */
const CITIES: Readonly<Record<string, readonly string[]>> = {
  Africa: ["Algiers", "Cairo", "Casablanca", "Harare", "Johannesburg", "Monrovia", "Nairobi"],
  America: [
    ...["Asuncion", "Bogota", "Caracas", "Chihuahua", "La Paz", "Lima", "Mazatlan", "Mexico City"],
    ...["Montevideo", "Monterrey", "Puerto Rico", "Santiago", "Tijuana"],
  ],
  Asia: [
    ...["Almaty", "Baghdad", "Baku", "Bangkok", "Chongqing", "Colombo", "Dhaka", "Hong Kong", "Irkutsk"],
    ...["Jakarta", "Jerusalem", "Kabul", "Kamchatka", "Karachi", "Kathmandu", "Kolkata", "Krasnoyarsk"],
    ...["Kuala Lumpur", "Kuwait", "Magadan", "Muscat", "Novosibirsk", "Rangoon", "Riyadh", "Seoul"],
    ...["Singapore", "Srednekolymsk", "Taipei", "Tashkent", "Tbilisi", "Tehran", "Tokyo", "Ulaanbaatar"],
    ...["Urumqi", "Vladivostok", "Yakutsk", "Yerevan"],
  ],
  Atlantic: ["Azores"],
  Australia: ["Adelaide", "Brisbane", "Darwin", "Hobart", "Melbourne", "Perth", "Sydney"],
  Europe: [
    ...["Amsterdam", "Athens", "Belgrade", "Berlin", "Bratislava", "Brussels", "Bucharest", "Budapest"],
    ...["Copenhagen", "Dublin", "Helsinki", "Istanbul", "Kaliningrad", "Lisbon", "Ljubljana", "London"],
    ...["Madrid", "Minsk", "Moscow", "Paris", "Prague", "Riga", "Rome", "Samara", "Sarajevo", "Skopje"],
    ...["Sofia", "Stockholm", "Tallinn", "Vienna", "Vilnius", "Volgograd", "Warsaw", "Zagreb", "Zurich"],
  ],
  Pacific: ["Auckland", "Fiji", "Guam", "Port Moresby"],
};

/** Named otherwise. */
const OTHERS: Readonly<Record<string, string>> = {
  "International Date Line West": "Etc/GMT+12",
  "Midway Island": "Pacific/Midway",
  "American Samoa": "Pacific/Pago_Pago",
  Hawaii: "Pacific/Honolulu",
  Alaska: "America/Juneau",
  "Pacific Time (US & Canada)": "America/Los_Angeles",
  "Mountain Time (US & Canada)": "America/Denver",
  Arizona: "America/Phoenix",
  "Central Time (US & Canada)": "America/Chicago",
  Saskatchewan: "America/Regina",
  Guadalajara: "America/Mexico_City",
  "Central America": "America/Guatemala",
  "Eastern Time (US & Canada)": "America/New_York",
  "Indiana (East)": "America/Indiana/Indianapolis",
  Quito: "America/Lima",
  "Atlantic Time (Canada)": "America/Halifax",
  Newfoundland: "America/St_Johns",
  Brasilia: "America/Sao_Paulo",
  "Buenos Aires": "America/Argentina/Buenos_Aires",
  Georgetown: "America/Guyana",
  Greenland: "America/Godthab",
  "Mid-Atlantic": "Atlantic/South_Georgia",
  "Cape Verde Is.": "Atlantic/Cape_Verde",
  Edinburgh: "Europe/London",
  UTC: "Etc/UTC",
  Bern: "Europe/Zurich",
  "West Central Africa": "Africa/Algiers",
  Kyiv: "Europe/Kiev",
  Pretoria: "Africa/Johannesburg",
  "St. Petersburg": "Europe/Moscow",
  "Abu Dhabi": "Asia/Muscat",
  Ekaterinburg: "Asia/Yekaterinburg",
  Islamabad: "Asia/Karachi",
  Chennai: "Asia/Kolkata",
  Mumbai: "Asia/Kolkata",
  "New Delhi": "Asia/Kolkata",
  "Sri Jayawardenepura": "Asia/Colombo",
  Astana: "Asia/Almaty",
  Hanoi: "Asia/Bangkok",
  Beijing: "Asia/Shanghai",
  Osaka: "Asia/Tokyo",
  Sapporo: "Asia/Tokyo",
  Canberra: "Australia/Melbourne",
  "Solomon Is.": "Pacific/Guadalcanal",
  "New Caledonia": "Pacific/Noumea",
  "Marshall Is.": "Pacific/Majuro",
  Wellington: "Pacific/Auckland",
  "Nuku'alofa": "Pacific/Tongatapu",
  "Tokelau Is.": "Pacific/Fakaofo",
  "Chatham Is.": "Pacific/Chatham",
  Samoa: "Pacific/Apia",
};

/** The IANA zone of Zendesk's name; null = a name we do not know. */
export function ianaZone(name: string): string | null {
  const other = Object.hasOwn(OTHERS, name) ? OTHERS[name] : undefined;
  if (other !== undefined) return other;
  const place = Object.entries(CITIES).find(([, cities]) => cities.includes(name))?.[0];
  return place === undefined ? null : `${place}/${name.replaceAll(" ", "_")}`;
}
