package org.yifang.prescription.counter;

import static org.assertj.core.api.Assertions.assertThat;

import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.MedicationDispense;
import org.hl7.fhir.r4.model.Money;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.catalogue.DrugCode;
import org.yifang.fhir.json.FhirJson;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.registry.NhsaStaff;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;

/// What a MedicationDispense tells in itself, and what of it is refused.
class HandedReaderTest {
    /// 07:30 of the 22nd in Shanghai.
    private static final Instant NOW = Instant.parse("2026-11-21T23:30:00Z");

    private static final UUID PATIENT = UUID.randomUUID();
    private static final UUID PRACTITIONER = UUID.randomUUID();
    private static final NamedPeople PEOPLE =
            new NamedPeople() {
                @Override
                public @Nullable UUID patient(String system, String number) {
                    return (system + number).equals("cardP") ? PATIENT : null;
                }

                @Override
                public @Nullable String staff(UUID id) {
                    return id.equals(PRACTITIONER) ? "YS421281000011" : null;
                }
            };

    private static MedicationDispense dispense() {
        MedicationDispense dispense = new MedicationDispense();
        dispense.addIdentifier().setSystem("urn:counter").setValue("1");
        dispense.addAuthorizingPrescription()
                .setReference("MedicationRequest/" + UUID.randomUUID());
        dispense.setMedication(
                new CodeableConcept(new Coding(DrugCode.SYSTEM, "XC08CAA013A001010100001", null)));
        dispense.setQuantity(new Quantity().setValue(7).setUnit("片"));
        dispense.setWhenHandedOverElement(new DateTimeType("2026-11-22T07:30:00+08:00"));
        person(dispense, "prepare", number("YS421281000011"));
        person(dispense, "check", number("YS421281000012"));
        return dispense;
    }

    private static void person(MedicationDispense dispense, String function, Reference actor) {
        dispense.addPerformer()
                .setFunction(new CodeableConcept(new Coding("f", function, null)))
                .setActor(actor);
    }

    private static Reference number(String number) {
        return new Reference()
                .setIdentifier(new Identifier().setSystem(NhsaStaff.SYSTEM).setValue(number));
    }

    private static @Nullable Handed read(MedicationDispense dispense, List<Finding> findings) {
        return HandedReader.read(dispense, 0, NOW, PEOPLE, findings);
    }

    private static Handed taken(Consumer<MedicationDispense> change) {
        MedicationDispense dispense = dispense();
        change.accept(dispense);
        List<Finding> findings = new ArrayList<>();
        Handed handed = read(dispense, findings);
        assertThat(findings).isEmpty();
        return Objects.requireNonNull(handed);
    }

    private static List<ProblemCode> refused(Consumer<MedicationDispense> change) {
        MedicationDispense dispense = dispense();
        change.accept(dispense);
        List<Finding> findings = new ArrayList<>();
        assertThat(read(dispense, findings)).isNull();
        return findings.stream().map(Finding::code).toList();
    }

    private static void checker(MedicationDispense dispense, Reference actor) {
        dispense.getPerformer().get(1).setActor(actor);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0.00001", "0", "-1", "10000000000", "1e400", "1e999999999", "1e-999999999"})
    void a_quantity_that_would_not_be_kept(String value) {
        assertThat(refused(one -> one.getQuantity().setValue(new BigDecimal(value))))
                .containsExactly(ProblemCode.QUANTITY);
    }

    @Test
    void four_decimals_are_kept() {
        assertThat(taken(one -> one.getQuantity().setValue(new BigDecimal("0.00010"))).quantity())
                .isEqualByComparingTo("0.0001");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "YS421281000011",
                "ys421281000011",
                " YS421281000011 ",
                "YS 4212 8100 0011",
                "ＹＳ４２１２８１０００011"
            })
    void nobody_checks_what_they_prepared_however_the_number_is_written(String number) {
        assertThat(refused(one -> checker(one, number(number))))
                .containsExactly(ProblemCode.TWO_PEOPLE);
    }

    @Test
    void a_reference_and_a_number_may_be_one_person() {
        Reference referred = new Reference("Practitioner/" + PRACTITIONER);
        assertThat(refused(one -> checker(one, referred))).containsExactly(ProblemCode.TWO_PEOPLE);
        Handed handed = taken(one -> one.getPerformer().getFirst().setActor(referred));
        assertThat(handed.preparer()).isEqualTo("YS421281000011");
    }

    @Test
    void a_second_preparer_does_not_hide_the_first() {
        assertThat(refused(one -> person(one, "prepare", number("YS421281000012"))))
                .containsExactly(ProblemCode.TWO_PEOPLE);
    }

    @Test
    void a_performer_whom_nobody_knows() {
        assertThat(refused(one -> checker(one, number("XYZ"))))
                .containsExactly(ProblemCode.STAFF_NUMBER);
        assertThat(refused(one -> person(one, "hand-over", number("XYZ"))))
                .containsExactly(ProblemCode.STAFF_NUMBER);
        assertThat(refused(one -> checker(one, new Reference("Practitioner/abc"))))
                .containsExactly(ProblemCode.STAFF_NUMBER);
        assertThat(
                        refused(one ->
                                checker(
                                        one,
                                        number("YS421281000012")
                                                .setReference("Practitioner/" + PRACTITIONER))))
                .containsExactly(ProblemCode.STAFF_NUMBER);
        assertThat(refused(one -> checker(one, new Reference().setDisplay("李"))))
                .containsExactly(ProblemCode.TWO_PEOPLE);
    }

    @Test
    void a_subject_that_is_told_is_somebody() {
        assertThat(taken(one -> {}).subject()).isNull();
        assertThat(taken(one -> one.setSubject(new Reference("Patient/" + PATIENT))).subject())
                .isEqualTo(PATIENT);
        assertThat(taken(one -> one.setSubject(person("card", "P"))).subject()).isEqualTo(PATIENT);
        assertThat(taken(one -> one.setSubject(person("card", "Q"))).subject())
                .isEqualTo(Handed.NOBODY);
        for (String other :
                List.of("Patient/abc", "#p", "Group/" + PATIENT, "XPatient/" + PATIENT)) {
            assertThat(taken(one -> one.setSubject(new Reference(other))).subject())
                    .as(other)
                    .isEqualTo(Handed.NOBODY);
        }
        Reference both = person("card", "Q").setReference("Patient/" + PATIENT);
        assertThat(taken(one -> one.setSubject(both)).subject()).isEqualTo(Handed.NOBODY);
    }

    private static Reference person(String system, String number) {
        return new Reference().setIdentifier(new Identifier().setSystem(system).setValue(number));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22,true",
        "2026-11-21,false",
        "2026-11,true",
        "2026-10,false",
        "2026,true"
    })
    void a_pack_lasts_through_its_day_in_Shanghai(String expiry, boolean good) {
        Consumer<MedicationDispense> change = one -> extension(one, "expiry", new DateType(expiry));
        if (good) {
            taken(change);
        } else {
            assertThat(refused(change)).containsExactly(ProblemCode.PACK_EXPIRED);
        }
    }

    private static Extension extension(
            MedicationDispense dispense, String name, org.hl7.fhir.r4.model.Type value) {
        Extension made = new Extension(FhirJson.EXTENSIONS + name, value);
        dispense.addExtension(made);
        return made;
    }

    private static Money yuan(String value) {
        Money money = new Money().setCurrency("CNY");
        money.setValueElement(new DecimalType(value));
        return money;
    }

    @Test
    void a_line_costs_a_million_at_most() {
        assertThat(taken(one -> extension(one, "price-charged", yuan("1000000.00"))).priceFen())
                .isEqualTo(100_000_000L);
        for (String value : List.of("1000000.01", "99999999999999999999", "1e400", "0.001")) {
            assertThat(refused(one -> extension(one, "price-charged", yuan(value))))
                    .as(value)
                    .containsExactly(ProblemCode.PRICE_AND_SETTLEMENT);
        }
    }

    @Test
    void a_part_of_the_settlement_that_is_no_amount() {
        for (String value : List.of("92233720368547758.07", "1e400", "9.801")) {
            Consumer<MedicationDispense> settled =
                    one -> {
                        Extension whole =
                                new Extension().setUrl(FhirJson.EXTENSIONS + "settlement");
                        whole.addExtension(new Extension("fund", yuan(value)));
                        one.addExtension(whole);
                    };
            assertThat(refused(settled)).containsExactly(ProblemCode.PRICE_AND_SETTLEMENT);
            assertThat(refused(settled.andThen(one -> extension(one, "price-charged", yuan("1")))))
                    .containsExactly(ProblemCode.PRICE_AND_SETTLEMENT);
        }
    }
}
