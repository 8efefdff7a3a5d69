package org.yifang.console.hospital;

import org.yifang.console.frame.Codes;

import java.util.List;
import java.util.Map;

/// How a drug gets into the patient: as chosen, else what its name says of its form.
final class Routes {
    /// Words of a form, the more particular first, with the usual route.
    private static final List<Map.Entry<String, String>> FORMS =
            List.of(
                    Map.entry("滴眼", "ophthalmic"),
                    Map.entry("眼膏", "ophthalmic"),
                    Map.entry("眼用", "ophthalmic"),
                    Map.entry("滴耳", "otic"),
                    Map.entry("鼻喷", "nasal"),
                    Map.entry("滴鼻", "nasal"),
                    Map.entry("雾化", "nebulised"),
                    Map.entry("吸入", "inhalation"),
                    Map.entry("气雾剂", "inhalation"),
                    Map.entry("粉雾剂", "inhalation"),
                    Map.entry("胰岛素", "subcutaneous"),
                    Map.entry("注射", "intravenous-infusion"),
                    Map.entry("舌下", "sublingual"),
                    Map.entry("含片", "buccal"),
                    Map.entry("含漱", "gargle"),
                    Map.entry("阴道", "vaginal"),
                    Map.entry("栓", "rectal"),
                    Map.entry("贴", "transdermal"),
                    Map.entry("乳膏", "topical"),
                    Map.entry("软膏", "topical"),
                    Map.entry("凝胶", "topical"),
                    Map.entry("搽剂", "topical"),
                    Map.entry("洗剂", "topical"));

    /// @param code as chosen, empty for what is usual
    static String chosen(String code, Drugs.Product drug) {
        if (Codes.of("route").stream().anyMatch(one -> one.code().equals(code))) {
            return code;
        }
        return FORMS.stream()
                .filter(one -> drug.name().contains(one.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("oral");
    }

    private Routes() {}
}
