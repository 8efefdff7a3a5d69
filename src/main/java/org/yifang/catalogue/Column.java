package org.yifang.catalogue;

import java.util.Locale;

/// The columns of a catalogue file, in the order in which we write them.
public enum Column {
    CODE(true, "drug code of the national medical insurance, 23 characters for a western drug"),
    GENERIC_NAME(true, "通用名, with the form in it: 苯磺酸氨氯地平片"),
    FORM(true, "剂型: 片剂"),
    RELEASE_FORM(false, "injection, modified_release (缓释, 控释) or other; empty: other"),
    STRENGTH(true, "规格 as it stands on the pack: 5mg, 100ml:2g, 150mg/12.5mg"),
    STRENGTH_VALUE(false, "the drug in one preparation unit, a number; empty for compounds"),
    STRENGTH_UNIT(false, "its unit: mg, g, μg, U; with strength_value"),
    CONTENT_VALUE(false, "what one preparation unit holds, a number: 100 (ml), 200 (puffs)"),
    CONTENT_UNIT(false, "its unit: ml, g, 揿; with content_value"),
    PREPARATION_UNIT(true, "最小制剂单位, what quantities are reckoned in: 片"),
    PACK_UNIT(true, "最小包装单位, what is sold: 盒"),
    PACK_FACTOR(true, "preparation units in one pack, a whole number of at least 1"),
    MAKER(true, "生产企业"),
    APPROVAL_NUMBER(false, "批准文号: 国药准字H20184010; may be empty for herbal pieces only"),
    PRESCRIPTION_TYPE(true, "western, chinese-patent or herbal"),
    CLASSES(false, "class flags, separated by blanks; empty: none"),
    ANTIMICROBIAL_TIER(
            false, "non_antibiotic, non_restricted, restricted or special; empty: non_antibiotic"),
    SKIN_TEST(false, "yes when a skin test must come first; empty: no"),
    VOLUME_PURCHASED(false, "集采中选, yes or no; empty: no"),
    DDD_VALUE(false, "defined daily dose of the WHO, a number"),
    DDD_UNIT(false, "its unit: mg, g, μg, U; with ddd_value"),
    ATC(false, "ATC code, up to 7 characters: C08CA01"),
    NARROW_THERAPEUTIC_INDEX(false, "yes or no; empty: no");

    private final boolean required;
    private final String meaning;

    Column(boolean required, String meaning) {
        this.required = required;
        this.meaning = meaning;
    }

    /// As it stands in the first row of a file: `generic_name`.
    public String header() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether every row must fill it; every other column may be left out of the file.
    public boolean required() {
        return required;
    }

    /// What stands in it, for the documentation.
    public String meaning() {
        return meaning;
    }
}
