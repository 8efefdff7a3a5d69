package org.yifang.catalogue;

import static org.yifang.generated.Tables.DRUG;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.platform.Role;

import java.util.EnumSet;

/// How the catalogue is read and searched.
final class DrugViews {
    /// What is to be mounted; everybody with a token may read it.
    static Stored stored() {
        return Stored.of("Medication", DRUG)
                .id(DRUG.CODE)
                .version(DRUG.VERSION, DRUG.UPDATED_AT)
                .columns(DrugStore.COLUMNS.toArray(new Field<?>[0]))
                .visibleToAll(Role.HOSPITAL, EnumSet.allOf(Role.class).toArray(new Role[0]))
                .render((row, _) -> CatalogueFhir.medication(DrugStore.entry(row)))
                .search(
                        SearchBy.token("code", DrugViews::coded)
                                .present(DSL.trueCondition())
                                .sortedBy(DRUG.CODE)
                                .text(DRUG.GENERIC_NAME))
                .search(SearchBy.token("identifier", DRUG.APPROVAL_NUMBER, ApprovalNumber.SYSTEM))
                .search(SearchBy.string("generic-name", DRUG.GENERIC_NAME))
                .search(SearchBy.token("substitution-set", DRUG.SUBSTITUTION_SET));
    }

    /// Each drug has its drug code, and some an ATC code beside it.
    private static Condition coded(@Nullable String system, @Nullable String code) {
        Condition ours = code == null ? DSL.trueCondition() : DRUG.CODE.eq(code);
        Condition atc =
                code == null ? DRUG.ATC.isNotNull() : DRUG.ATC.isNotNull().and(DRUG.ATC.eq(code));
        return switch (system) {
            case null -> ours.or(atc);
            case DrugCode.SYSTEM -> ours;
            case CatalogueFhir.ATC -> atc;
            default -> DSL.falseCondition();
        };
    }

    private DrugViews() {}
}
