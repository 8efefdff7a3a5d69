package org.yifang.prescription.submit;

import static org.yifang.platform.problem.ProblemCode.*;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.DrugKind;
import org.yifang.prescription.life.ClaimRules;
import org.yifang.prescription.submit.Submission.*;
import org.yifang.registry.IdentityCard;
import org.yifang.registry.NhsaOrganization;
import org.yifang.registry.NhsaStaff;
import org.yifang.registry.Uscc;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.Optional;

/// Whose document it is and whether it is one: one patient, one author, one number, its times.
/// Sources: 处方管理办法 art. 6, 17 and 18; GB 11643; GB 32100.
public final class DocumentRules {
    /// Clocks may differ by so much.
    public static final Duration TOLERANCE = Duration.ofMinutes(5);

    static void check(Inspection rule) {
        Submission document = rule.submission();
        numbers(rule);
        custodian(rule, document);
        patient(rule, document);
        prescriber(rule, document);
        attesters(rule, document);
        if (document.diagnoses().isEmpty()) {
            rule.refuse(
                    DIAGNOSIS_MISSING,
                    "Bundle.entry",
                    "The prescription has no coded diagnosis.",
                    "Add at least one Condition with a code (处方管理办法 art. 6).");
        }
        Instant made = document.timestamp();
        if (made != null && made.isAfter(rule.now().plus(TOLERANCE))) {
            rule.refuse(
                    TIMES,
                    "Bundle.timestamp",
                    "The document was made at `" + ClaimRules.shown(made) + "`, in the future.",
                    "Set the clock of the sending system; five minutes are tolerated.");
        }
        kinds(rule, document);
        ValidityRules.check(rule);
    }

    private static void numbers(Inspection rule) {
        Submission document = rule.submission();
        if (document.numbers().size() > 1) {
            rule.refuse(
                    NOT_ONE_NUMBER,
                    "Bundle.identifier",
                    "The document carries the numbers `"
                            + String.join("`, `", document.numbers())
                            + "`.",
                    "Bundle.identifier and every groupIdentifier hold the same number.");
        }
        if (document.patients() > 1 || document.subjects() > 1) {
            rule.refuse(
                    NOT_ONE_PATIENT,
                    "Bundle.entry",
                    "The document speaks of more than one patient.",
                    "Every resource refers to the one Patient of the document.");
        }
        if (document.authors().size() > 1) {
            rule.refuse(
                    NOT_ONE_AUTHOR,
                    "Bundle.entry[0].resource.author",
                    "Author, legal attester and requesters are not the same person.",
                    "One prescriber writes the whole prescription.");
        }
    }

    private static void custodian(Inspection rule, Submission document) {
        String number = document.custodian();
        String where = "Bundle.entry[0].resource.custodian";
        if (number != null) {
            NhsaOrganization.fault(number)
                    .ifPresent(fault ->
                            rule.refuse(
                                    ORGANIZATION_NUMBER,
                                    where,
                                    fault,
                                    "H, six digits of the region, five digits."));
            if (!number.equals(rule.caller())) {
                rule.refuse(
                        NOT_OWN_DOCUMENT,
                        where,
                        "The custodian `" + number + "` is not the calling hospital.",
                        "Submit with the client of the hospital that issues the prescription.");
            }
        }
        String uscc = document.uscc();
        if (uscc != null) {
            Uscc.fault(uscc)
                    .ifPresentOrElse(
                            fault ->
                                    rule.refuse(
                                            ORGANIZATION_NUMBER,
                                            where,
                                            fault,
                                            "18 characters with a check character (GB 32100)."),
                            () ->
                                    new Uscc(uscc)
                                            .warning()
                                            .ifPresent(doubt ->
                                                    rule.warn(
                                                            NUMBER_DOUBTFUL,
                                                            where,
                                                            doubt,
                                                            "Check the number.")));
        }
    }

    private static void patient(Inspection rule, Submission document) {
        Person person = document.patient();
        if (person == null) {
            return;
        }
        // What is there and empty, the profile takes for there.
        if (person.name() == null) {
            rule.refuse(
                    PROFILE_BROKEN,
                    person.expression() + ".name",
                    "The patient has no name.",
                    "Give the name as text.");
        }
        if (person.birthDate() == null) {
            rule.refuse(
                    PROFILE_BROKEN,
                    person.expression() + ".birthDate",
                    "The patient has no birth date.",
                    "Give year, month and day.");
        }
        String number = person.number();
        if (number == null || !IdentityCard.SYSTEM.equals(person.system())) {
            return;
        }
        String where = person.expression() + ".identifier";
        IdentityCard.fault(number)
                .ifPresentOrElse(
                        fault ->
                                rule.refuse(
                                        IDENTITY_NUMBER,
                                        where,
                                        fault,
                                        "18 characters with date and check character (GB 11643)."),
                        () -> agrees(rule, new IdentityCard(number), person));
    }

    private static void agrees(Inspection rule, IdentityCard card, Person person) {
        LocalDate born = person.birthDate();
        if (born != null && !born.equals(card.birthDate())) {
            rule.refuse(
                    IDENTITY_NUMBER,
                    person.expression() + ".birthDate",
                    "Birth date and identity card number do not agree.",
                    "Digits 7 to 14 of the number are the birth date.");
        }
        String gender = person.gender();
        boolean said = "male".equals(gender) || "female".equals(gender);
        if (said && !card.sex().code().equals(gender)) {
            rule.warn(
                    NUMBER_DOUBTFUL,
                    person.expression() + ".gender",
                    "Gender and identity card number do not agree.",
                    "Digit 17 is odd for men and even for women; check both.");
        }
    }

    private static void prescriber(Inspection rule, Submission document) {
        Prescriber prescriber = document.prescriber();
        String number = prescriber == null ? null : prescriber.number();
        if (prescriber != null && number != null) {
            String fault =
                    NhsaStaff.fault(number)
                            .or(() ->
                                    new NhsaStaff(number).isDoctor()
                                            ? Optional.empty()
                                            : Optional.of(
                                                    "`" + number + "` is no doctor's number."))
                            .orElse(null);
            if (fault != null) {
                rule.refuse(
                        STAFF_NUMBER,
                        prescriber.expression() + ".identifier",
                        fault,
                        "D and twelve digits: a doctor prescribes (医师法 art. 14).");
            }
        }
    }

    /// Art. 6: at most five drugs; herbal pieces on a prescription of their own.
    private static void kinds(Inspection rule, Submission document) {
        long herbal = document.orders().stream().filter(DocumentRules::isHerbal).count();
        long others = document.orders().size() - herbal;
        int most = rule.limits().linesMost();
        if (others > most) {
            rule.refuse(
                    TOO_MANY_LINES,
                    "Bundle.entry",
                    "The prescription has " + others + " drugs.",
                    "At most " + most + " on one prescription (处方管理办法 art. 6).");
        }
        if (herbal > 0 && others > 0) {
            rule.refuse(
                    HERBAL_APART,
                    "Bundle.entry",
                    "Herbal pieces (中药饮片) stand together with other drugs.",
                    "Write them on a prescription of their own (处方管理办法 art. 6).");
        }
    }

    private static boolean isHerbal(Order order) {
        return order.drug() != null
                ? order.drug().kind() == DrugKind.HERBAL
                : "herbal".equals(order.category());
    }

    /// Who attests that a prescription was reviewed is a pharmacist, and not its prescriber (处方管理办法
    /// art. 29 and 35).
    private static void attesters(Inspection rule, Submission document) {
        for (Attestation one : document.attestations()) {
            if (one.isPharmacists()) {
                continue;
            }
            String number = one.number();
            rule.refuse(
                    NOT_A_PHARMACIST,
                    one.expression(),
                    one.prescriber()
                            ? "The prescriber attests the review of the own prescription."
                            : number == null
                                    ? "The professional attester is nobody whom the document"
                                            + " names."
                                    : "`" + number + "` is no pharmacist's number.",
                    "Refer to the Practitioner of the reviewing pharmacist, with a staff number"
                            + " that begins with Y, or leave the attester out: the prescription"
                            + " then awaits its review.");
        }
    }

    /// Whole years at the moment of the call, null when the birth date is unknown.
    static @Nullable Period age(Inspection rule) {
        Person person = rule.submission().patient();
        LocalDate born = person == null ? null : person.birthDate();
        return born == null
                ? null
                : Period.between(born, rule.now().atZone(SubmissionReader.SHANGHAI).toLocalDate());
    }

    private DocumentRules() {}
}
