package org.yifang.prescription;

import org.yifang.catalogue.Drug;

import java.util.Map;

/// Whether an allergy named in words may concern a drug: by its name, or by the ATC group of the
/// allergy's family.
final class Allergies {
    private static final Map<String, String> FAMILIES =
            Map.of(
                    "青霉素", "J01C",
                    "头孢", "J01D",
                    "磺胺", "J01E",
                    "喹诺酮", "J01M",
                    "大环内酯", "J01F",
                    "阿司匹林", "B01AC06",
                    "非甾体", "M01A");

    static boolean touches(String allergy, Drug drug) {
        String word = allergy.replace("过敏", "").replace("类", "").strip();
        if (word.length() < 2) {
            return false;
        }
        if (drug.genericName().contains(word) || word.contains(drug.genericName())) {
            return true;
        }
        String atc = drug.atc();
        return atc != null
                && FAMILIES.entrySet().stream()
                        .anyMatch(family ->
                                word.contains(family.getKey())
                                        && atc.startsWith(family.getValue()));
    }

    private Allergies() {}
}
