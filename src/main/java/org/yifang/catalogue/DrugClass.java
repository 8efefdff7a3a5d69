package org.yifang.catalogue;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What makes a drug special for the rules of prescribing and circulating.
public enum DrugClass {
    /// 麻醉药品.
    NARCOTIC("麻醉药品", "narcotic drug"),
    /// 第一类精神药品.
    PSYCHO1("第一类精神药品", "psychotropic drug of class I"),
    /// 第二类精神药品.
    PSYCHO2("第二类精神药品", "psychotropic drug of class II"),
    /// 医疗用毒性药品.
    TOXIC("医疗用毒性药品", "toxic drug for medical use"),
    /// 儿科专用: a form for children only, so that its prescription is a paediatric one.
    PAEDIATRIC("儿科专用药品", "drug for children only"),
    /// 疫苗.
    VACCINE("疫苗", "vaccine"),
    /// 血液制品.
    BLOOD("血液制品", "blood product"),
    /// 放射性药品.
    RADIO("放射性药品", "radioactive drug"),
    /// 药品类易制毒化学品.
    PRECURSOR("药品类易制毒化学品", "precursor chemical"),
    /// 医疗机构制剂.
    HOSP_PREP("医疗机构制剂", "hospital preparation"),
    /// Kept at 2 to 8 °C all the way; whether it may circulate is configured.
    COLD_CHAIN("冷藏药品", "cold chain drug"),
    /// 含麻黄碱类复方制剂: identity shown, at most two packs.
    EPHEDRINE("含麻黄碱类复方制剂", "compound preparation with ephedrine"),
    /// 哌替啶、二氢埃托啡: one dose, used within the hospital.
    HOSPITAL_DOSE("仅限院内单次使用", "for one dose within the hospital"),
    /// 哌甲酯: up to 15 days for attention deficit disorder.
    ADHD("哌甲酯", "methylphenidate"),
    /// A biological product: makers differ, so it is never offered as another maker's equal.
    BIOLOGIC("生物制品", "biological product"),
    /// A device to inhale from, which the patient has learned to use.
    INHALER("吸入装置", "inhaler");

    /// What never leaves for outside circulation: 处方管理办法 art. 42, 药品管理法 art. 61.
    public static final Set<DrugClass> NOT_OUTSIDE =
            Collections.unmodifiableSet(EnumSet.range(NARCOTIC, HOSP_PREP));

    private final String chinese;
    private final String english;

    DrugClass(String chinese, String english) {
        this.chinese = chinese;
        this.english = english;
    }

    /// The class with this name, whatever its case.
    public static Optional<DrugClass> of(String name) {
        for (DrugClass one : values()) {
            if (one.name().equals(name.toUpperCase(Locale.ROOT))) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    /// What the law or people call it, in zh-CN.
    public String chinese() {
        return chinese;
    }

    public String english() {
        return english;
    }
}
