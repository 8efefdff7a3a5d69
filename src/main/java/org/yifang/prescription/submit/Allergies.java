package org.yifang.prescription.submit;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Drug;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Whether a substance that the document names (an allergy, a skin test) may concern a drug: by its
/// name, by its code, or by the ATC groups of the family that it belongs to. In doubt it does.
final class Allergies {
    /// Families by the words that name them or their members, with their ATC groups.
    private static final Map<String, List<String>> FAMILIES =
            Map.ofEntries(
                    family("青霉素|西林|penicillin|cillin", "J01C"),
                    family("头孢|cephalosporin|cefalosporin|\\bcef|\\bceph", "J01D"),
                    family("碳青霉烯|培南|carbapenem|penem", "J01DH"),
                    family("磺胺|sulfonamide|sulphonamide|\\bsulfa|\\bsulpha", "J01E"),
                    family("喹诺酮|沙星|quinolone|floxacin", "J01M"),
                    family("大环内酯|红霉素|阿奇霉素|克拉霉素|macrolide|thromycin", "J01F"),
                    family("四环素|环素|tetracycline|cycline", "J01A"),
                    family("氨基糖苷|aminoglycoside|gentamicin|amikacin|streptomycin", "J01G"),
                    family("阿司匹林|水杨酸|aspirin|acetylsalicylic", "B01AC06", "N02BA", "M01A"),
                    family("非甾体|解热镇痛|nsaid|ibuprofen|diclofenac|naproxen", "M01A", "B01AC06"),
                    family("对乙酰氨基酚|扑热息痛|paracetamol|acetaminophen", "N02BE"),
                    family("吗啡|可待因|阿片|opioid|morphine|codeine", "N02A", "R05DA"),
                    family("局麻药|普鲁卡因|procaine", "N01BA"),
                    family("\\btat\\b|破伤风", "J06AA02"),
                    family("利多卡因|lidocaine|lignocaine", "N01BB"),
                    family("普利|\\bace inhibitor|\\w+pril\\b", "C09A", "C09B"),
                    family("沙坦|sartan", "C09C", "C09D"),
                    family("他汀|statin", "C10AA"),
                    family("地平|dipine", "C08CA", "C09DB"),
                    family("肝素|heparin", "B01AB"),
                    family("胰岛素|insulin", "A10A"),
                    family("二甲双胍|metformin", "A10BA", "A10BD"),
                    family("碘造影剂|含碘造影|iodinated contrast", "V08A"));

    private static final Map<Pattern, List<String>> PATTERNS =
            FAMILIES.entrySet().stream()
                    .collect(
                            java.util.stream.Collectors.toUnmodifiableMap(
                                    one -> Pattern.compile(one.getKey()), Map.Entry::getValue));

    private static final Pattern SEPARATORS = Pattern.compile("[、，,；;。/|+\\n]|及|和|与|或");
    private static final Pattern DENIED =
            Pattern.compile(
                    "^\\s*(否认|未发现|未见|没有|无(?!花)|不详|不明|不清|no\\b|not\\b|denies\\b|nka\\b|nkda\\b).*");

    /// Salts and words before a name, and the forms and salts after it.
    private static final Pattern BEFORE =
            Pattern.compile(
                    "^(注射用|小儿|复方|重组|重酒石酸|苯磺酸|盐酸|硫酸氢|硫酸|马来酸|甲磺酸|酒石酸|磷酸|枸橼酸|富马酸"
                            + "|氢溴酸|琥珀酸|硝酸|醋酸|门冬氨酸)+");

    private static final Pattern AFTER =
            Pattern.compile(
                    "(肠溶|缓释|控释|分散|咀嚼|口崩|泡腾|舌下|干|软|硬|口服|吸入|滴|鼻|凝|乳|混悬|气|粉|外用|钠|钾|钙|镁"
                            + "|酯|片|胶囊|颗粒|注射液|注射剂|溶液|混悬液|混悬剂|液|剂|散|丸|膏|雾剂|贴|栓|糖浆|合剂)+$");

    private static final int CLASS_START = 1;
    private static final int CLASS_END = 6;
    private static final int ATC_LENGTH = 7;

    private static Map.Entry<String, List<String>> family(String words, String... groups) {
        return Map.entry(words, List.of(groups));
    }

    static boolean touches(Submission.Substance named, Drug drug) {
        return named.codes().stream().anyMatch(code -> touchesCode(code, drug))
                || named.words().stream()
                        .flatMap(Allergies::pieces)
                        .anyMatch(word -> touchesWord(word, drug));
    }

    private static boolean touchesCode(String code, Drug drug) {
        String own = drug.code().value();
        if (own.equals(code)) {
            return true;
        }
        if (code.length() <= ATC_LENGTH) {
            return inGroup(code, drug);
        }
        // Another product: what is of the same class may cross-react, whatever form and maker.
        return code.startsWith("X") && own.startsWith(code.substring(0, CLASS_END));
    }

    /// Whether a drug is of an ATC group, by the catalogue or by the group in its own code.
    private static boolean inGroup(String group, Drug drug) {
        String atc = drug.atc();
        String own = drug.code().value();
        @Nullable String inCode =
                own.startsWith("X") && own.length() > CLASS_END
                        ? own.substring(CLASS_START, CLASS_END)
                        : null;
        if (atc != null && atc.startsWith(group)) {
            return true;
        }
        // The code knows the class only: without the substance's own digits any of it may be meant.
        boolean vague = atc == null || atc.length() < group.length();
        return inCode != null && (inCode.startsWith(group) || (vague && group.startsWith(inCode)));
    }

    /// What is named one beside the other, without what is said not to be.
    private static Stream<String> pieces(String words) {
        return Arrays.stream(SEPARATORS.split(words.toLowerCase(Locale.ROOT)))
                .filter(piece -> !DENIED.matcher(piece).matches())
                .map(piece -> piece.replaceAll("过敏史|过敏|类|药物|制剂|\\s*allerg(y|ic)( to)?", ""))
                .map(String::strip)
                .filter(piece -> piece.length() >= 2);
    }

    private static boolean touchesWord(String word, Drug drug) {
        String name = drug.genericName().toLowerCase(Locale.ROOT);
        String core = core(name);
        String wanted = core(word);
        if (name.contains(word)
                || (wanted.length() >= 2 && core.contains(wanted))
                || (core.length() >= 2 && word.contains(core))) {
            return true;
        }
        return PATTERNS.entrySet().stream()
                .filter(family -> family.getKey().matcher(word).find())
                .flatMap(family -> family.getValue().stream())
                .anyMatch(group -> inGroup(group, drug));
    }

    /// The substance in a generic name: `阿莫西林` of `阿莫西林胶囊`.
    private static String core(String name) {
        String plain = name.replaceAll("[(（].*?[)）]|\\[.*?]", "");
        String core = AFTER.matcher(BEFORE.matcher(plain).replaceFirst("")).replaceFirst("");
        return core.isEmpty() ? plain : core;
    }

    private Allergies() {}
}
