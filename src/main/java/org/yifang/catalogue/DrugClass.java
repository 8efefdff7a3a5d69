package org.yifang.catalogue;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What makes a drug special for the rules of prescribing and circulating.
public enum DrugClass {
    /// 麻醉药品.
    NARCOTIC,
    /// 第一类精神药品.
    PSYCHO1,
    /// 第二类精神药品.
    PSYCHO2,
    /// 医疗用毒性药品.
    TOXIC,
    /// 儿科专用药品: a form for children only, so that its prescription is a paediatric one.
    PAEDIATRIC,
    /// 疫苗.
    VACCINE,
    /// 血液制品.
    BLOOD,
    /// 放射性药品.
    RADIO,
    /// 药品类易制毒化学品.
    PRECURSOR,
    /// 医疗机构制剂.
    HOSP_PREP,
    /// Kept at 2 to 8 °C all the way; whether it may circulate is configured.
    COLD_CHAIN,
    /// 含麻黄碱类复方制剂: identity shown, at most two packs.
    EPHEDRINE,
    /// 哌替啶、二氢埃托啡: one dose, used within the hospital.
    HOSPITAL_DOSE,
    /// 哌甲酯: up to 15 days for attention deficit disorder.
    ADHD,
    /// A biological product: makers differ, so it is never offered as another maker's equal.
    BIOLOGIC,
    /// A device to inhale from, which the patient has learned to use.
    INHALER;

    /// What never leaves for outside circulation: 处方管理办法 art. 42, 药品管理法 art. 61.
    public static final Set<DrugClass> NOT_OUTSIDE =
            Collections.unmodifiableSet(EnumSet.range(NARCOTIC, HOSP_PREP));

    /// The class with this name, whatever its case.
    public static Optional<DrugClass> of(String name) {
        for (DrugClass one : values()) {
            if (one.name().equals(name.toUpperCase(Locale.ROOT))) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }
}
