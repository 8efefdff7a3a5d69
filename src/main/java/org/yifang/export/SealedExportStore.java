package org.yifang.export;

import static org.yifang.generated.Tables.AUDIT_EXPORT;
import static org.yifang.generated.Tables.AUDIT_EXPORT_PART;

import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.yifang.platform.data.SealedColumn;

import java.util.List;

/// What exports keep sealed.
final class SealedExportStore {
    /// What the version before wrote in clear: gzip by its first bytes.
    private static final Condition IN_CLEAR =
            DSL.function(
                            "substring",
                            byte[].class,
                            AUDIT_EXPORT_PART.CONTENT,
                            DSL.inline(1),
                            DSL.inline(2))
                    .eq(DSL.inline(new byte[] {0x1f, (byte) 0x8b}));

    /// Keys and parts of exports, for the rotation of the master key.
    ///
    /// @param place what the keys were sealed for
    static List<SealedColumn> sealed(String place) {
        return List.of(
                SealedColumn.bytes(
                        "keys of exports",
                        AUDIT_EXPORT,
                        List.of(AUDIT_EXPORT.ID),
                        AUDIT_EXPORT.PSEUDONYM_KEY,
                        _ -> place),
                SealedColumn.bytes(
                                "parts of exports",
                                AUDIT_EXPORT_PART,
                                List.of(
                                        AUDIT_EXPORT_PART.EXPORT_ID,
                                        AUDIT_EXPORT_PART.TYPE,
                                        AUDIT_EXPORT_PART.NUMBER),
                                AUDIT_EXPORT_PART.CONTENT,
                                _ -> "text")
                        .where(IN_CLEAR.not()));
    }

    private SealedExportStore() {}
}
