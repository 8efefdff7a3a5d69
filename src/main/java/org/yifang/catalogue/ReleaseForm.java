package org.yifang.catalogue;

import java.util.Locale;
import java.util.Optional;

/// How a form gives off its drug, as far as the limits for controlled drugs tell forms apart.
public enum ReleaseForm {
    INJECTION,
    /// 缓释 and 控释; 肠溶 (enteric) is not among them.
    MODIFIED_RELEASE,
    OTHER;

    /// As written in files and tables: `modified_release`.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Reads what [#code] wrote.
    public static Optional<ReleaseForm> of(String code) {
        for (ReleaseForm form : values()) {
            if (form.code().equals(code)) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }
}
