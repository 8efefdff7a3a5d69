package org.yifang.catalogue;

import org.jspecify.annotations.Nullable;

import java.text.Normalizer;
import java.util.Locale;

/// How much drug is in one preparation unit, and in how much of the form.
///
/// @param text as it stands on the pack: `5mg`, `100ml:2g`, `150mg/12.5mg`
/// @param active the drug in one preparation unit; null where one number cannot say it (compounds)
/// @param content what one preparation unit holds, where doses are measured in it (100 ml of a
///   bottle, 200 puffs of an inhaler), else null
public record Strength(String text, @Nullable Amount active, @Nullable Amount content) {
    /// What two strengths have in common when they are the same, however they are written: 0.25g is
    /// 250mg.
    public String key() {
        String drug = active == null ? normalised(text) : active.inBase().toString();
        return content == null ? drug : drug + " in " + content.inBase();
    }

    /// A text without differences that mean nothing: full-width characters, blanks, case, × for *,
    /// 剂 at the end of a form.
    static String normalised(String text) {
        String plain =
                Normalizer.normalize(text, Normalizer.Form.NFKC)
                        .replaceAll("\\s+", "")
                        .replace('×', '*')
                        .toLowerCase(Locale.ROOT);
        return plain.length() > 1 && plain.endsWith("剂")
                ? plain.substring(0, plain.length() - 1)
                : plain;
    }
}
