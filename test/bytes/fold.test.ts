import { expect, test } from "bun:test";
import { fold } from "../../src/bytes/fold.ts";

test.each([
  ["Grüße, ÄRGER", "gruße, arger"],
  ["ＦＵＬＬ ｗｉｄｔｈ ｶﾞ", "full width ガ"],
  ["café CAFÉ cafe\u0301", "cafe cafe cafe"],
  ["İstanbul, Việt Nam, ǅ", "istanbul, viet nam, dz"],
  ["Łódź, Ærø, Đà, Ħaż-Żebbuġ, ŧ, ǿ", "lodz, æro, da, haz-zebbug, t, o"],
  ["Άννα, ὦ", "αννα, ω"],
  ["ёлка, Йод", "елка, йод"],
  ["ガか゛が", "ガか ゙が"],
  ["今天下午，Ｏ－Ｋ！", "今天下午,o-k!"],
  ["l’Été – e\u0301 ё", "l’ete – e е"],
  ["한국어", "한국어"],
  ["שָׁלוֹם हिन्दी", "שָׁלוֹם हिन्दी".normalize("NFKC")],
])("%j is compared as %j", (text, folded) => {
  expect(fold(text)).toBe(folded);
  expect(fold(folded)).toBe(folded);
});
