package org.yifang.catalogue;

import java.util.Locale;
import java.util.Optional;

/// Who may prescribe an antimicrobial (抗菌药物临床应用管理办法, order 84 of the ministry of health).
///
/// Drugs against tuberculosis, parasites and viruses are none of these by that order.
public enum AntimicrobialTier {
    NON_ANTIBIOTIC,
    /// 非限制使用级.
    NON_RESTRICTED,
    /// 限制使用级: attending physicians and above.
    RESTRICTED,
    /// 特殊使用级: not for outpatients.
    SPECIAL;

    /// As written in files and tables: `non_restricted`.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Reads what [#code] wrote.
    public static Optional<AntimicrobialTier> of(String code) {
        for (AntimicrobialTier tier : values()) {
            if (tier.code().equals(code)) {
                return Optional.of(tier);
            }
        }
        return Optional.empty();
    }
}
