package org.yifang.catalogue;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.Set;

/// One product of one maker in one pack, and all that rules, prices and answers ask of it.
///
/// @param genericName 通用名, `苯磺酸氨氯地平片`
/// @param form 剂型, `片剂`
/// @param preparationUnit what quantities are reckoned in, `片`
/// @param packUnit what is sold, `盒`
/// @param packFactor preparation units in one pack
/// @param approvalNumber null where none is given (herbal pieces)
/// @param skinTest whether a skin test must come before the first dose
/// @param volumePurchased 集采中选: bought by the state's volume-based purchasing
/// @param dailyDose the WHO's defined daily dose (DDD), null where there is none
/// @param atc the ATC code of up to 7 characters, null where there is none
/// @param narrowTherapeuticIndex whether small differences of the dose harm, so that makers are not
///   compared
public record Drug(
        DrugCode code,
        String genericName,
        String form,
        Strength strength,
        String preparationUnit,
        String packUnit,
        int packFactor,
        String maker,
        @Nullable ApprovalNumber approvalNumber,
        DrugKind kind,
        ReleaseForm releaseForm,
        Set<DrugClass> classes,
        AntimicrobialTier antimicrobialTier,
        boolean skinTest,
        boolean volumePurchased,
        @Nullable Amount dailyDose,
        @Nullable String atc,
        boolean narrowTherapeuticIndex) {

    /// @throws IllegalArgumentException when the pack cannot be reckoned with
    public Drug {
        if (packFactor < 1 || (packUnit.equals(preparationUnit) && packFactor != 1)) {
            throw new IllegalArgumentException(
                    "A pack of `%s` cannot hold %d `%s`."
                            .formatted(packUnit, packFactor, preparationUnit));
        }
        classes = Set.copyOf(classes);
    }

    public boolean is(DrugClass one) {
        return classes.contains(one);
    }

    /// What people read: `苯磺酸氨氯地平片 5mg×7片/盒`.
    public String display() {
        String pack =
                packUnit.equals(preparationUnit)
                        ? "/" + packUnit
                        : "×" + packFactor + preparationUnit + "/" + packUnit;
        return genericName + " " + strength.text() + pack;
    }

    /// The substitution set: generic name, form and strength, whatever maker and pack. Drugs with
    /// the same text are the same drug to a prescriber who wrote the generic name.
    public String substitutionSet() {
        return Strength.normalised(genericName)
                + "|"
                + Strength.normalised(form)
                + "|"
                + strength.key();
    }

    /// Whether this product may be handed out for a line that prescribes `prescribed`: any maker
    /// and pack of the substitution set, or this very product where no other is allowed.
    public boolean fulfils(Drug prescribed, boolean thisProductOnly) {
        return thisProductOnly
                ? code.equals(prescribed.code)
                : substitutionSet().equals(prescribed.substitutionSet());
    }

    /// 四同: the same drug of the same maker, whatever the pack.
    public boolean isSameProductAs(Drug other) {
        return maker.equals(other.maker) && substitutionSet().equals(other.substitutionSet());
    }

    /// Whether its price may be set beside another maker's as that of an equal: not where the
    /// therapeutic index is narrow, nor for biologics, inhalers and modified release.
    public boolean comparableAcrossMakers() {
        return !narrowTherapeuticIndex
                && !is(DrugClass.BIOLOGIC)
                && !is(DrugClass.INHALER)
                && releaseForm != ReleaseForm.MODIFIED_RELEASE;
    }

    /// A quantity in preparation units; empty when the unit is neither the preparation nor the pack
    /// unit. A unit written otherwise (`克` for `g`) is understood.
    public Optional<BigDecimal> preparationUnits(BigDecimal value, String unit) {
        if (unit.equals(preparationUnit)) {
            return Optional.of(value);
        }
        if (unit.equals(packUnit)) {
            return Optional.of(value.multiply(BigDecimal.valueOf(packFactor)));
        }
        return value.signum() <= 0 || unit.isBlank()
                ? Optional.empty()
                : new Amount(value, unit).dividedBy(new Amount(BigDecimal.ONE, preparationUnit));
    }

    /// A dose in preparation units, given in them (1 片), in the drug (5 mg) or in the form (10 ml).
    /// Empty when it cannot be known, and also when drug and form are measured alike (a cream of 10
    /// g with 0.1 g in it), since nothing tells which is meant.
    ///
    /// @throws IllegalArgumentException when the dose is not above zero
    public Optional<BigDecimal> preparationUnitsOfDose(BigDecimal value, String unit) {
        Amount dose = new Amount(value, unit);
        Optional<BigDecimal> counted = preparationUnits(value, unit);
        if (counted.isPresent()) {
            return counted;
        }
        Optional<BigDecimal> byDrug =
                Optional.ofNullable(strength.active()).flatMap(dose::dividedBy);
        Optional<BigDecimal> byForm =
                Optional.ofNullable(strength.content()).flatMap(dose::dividedBy);
        return byDrug.isPresent() && byForm.isPresent()
                ? Optional.empty()
                : byDrug.or(() -> byForm);
    }

    /// How many defined daily doses are in one preparation unit.
    public Optional<BigDecimal> dailyDosesPerUnit() {
        return strength.active() == null || dailyDose == null
                ? Optional.empty()
                : strength.active().dividedBy(dailyDose);
    }

    /// How many packs must be opened for so many preparation units.
    public long packsFor(BigDecimal preparationUnits) {
        return preparationUnits
                .divide(BigDecimal.valueOf(packFactor), 0, RoundingMode.CEILING)
                .longValueExact();
    }

    /// What remains in the last of those packs, in preparation units; zero for whole packs.
    public BigDecimal surplusOf(BigDecimal preparationUnits) {
        return BigDecimal.valueOf(Math.multiplyExact(packsFor(preparationUnits), (long) packFactor))
                .subtract(preparationUnits);
    }
}
