package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.yifang.prescription.life.State;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A state is named by its enum, which alone knows how it is stored and how FHIR calls it; whose a
/// prescription is, `SightViews` alone knows.
class NamedOnceTest {
    private static final Path MAIN = Path.of("src/main/java/org/yifang");
    private static final String COLUMN = "\\b(?:STATE|STATUS|FATE|DECISION|EXCLUSION|KIND)\\b";

    /// A column of states compared with a text, set to one, or read and compared with one.
    private static final Pattern IN_SQL =
            Pattern.compile(
                    COLUMN
                            + "(?:\\s*\\.\\s*(?:eq|ne|in|notIn)\\(|,|\\)\\s*\\.equals\\()"
                            + "\\s*(?:_ ->\\s*)?(?:DSL\\.)?(?:inline\\(\\s*)?\"[a-z-]+\""
                            + "|\\bname\\(\"(?:state|status|fate|decision|exclusion|kind)\"\\)\\)"
                            + "\\s*\\.\\s*(?:eq|ne|in|notIn)\\(\\s*\"");

    /// What no other word is: `rest-awaiting-claim`, not `expired`.
    private static final Pattern OF_A_PRESCRIPTION =
            Pattern.compile(
                    Arrays.stream(State.values())
                            .map(State::code)
                            .filter(code -> code.contains("-"))
                            .collect(Collectors.joining("|", "\"(?:", ")\"")));

    /// The columns that make a prescription somebody's, of the table or of an alias of it, compared
    /// with who calls.
    private static final Pattern SIGHT =
            Pattern.compile(
                    "\\b(?:PRESCRIPTION(?:_CLAIM)?(?:\\s*\\.\\s*as\\(\"\\w+\"\\))?"
                            + "|[a-z]\\w*)\\s*\\.\\s*"
                            + "(?:HOSPITAL_ID|CLAIMED_BY|HOSPITAL|PATIENT_ID|PHARMACY_ID)"
                            + "\\s*\\.\\s*(?:eq|in|isNotDistinctFrom)\\(\\s*(?:\\w+\\.)?"
                            + "(?:any\\(\\s*)?(?:who|caller)\\b");

    /// A role that decides by whose something is.
    private static final Pattern SIGHT_OF_ROLE =
            Pattern.compile(
                    "case (?:HOSPITAL|PHARMACY|PATIENT|REVIEWER) ->[^;]*?"
                            + "(?:\\b(?:organizationId|patientId|reviewsFor)\\(\\)"
                            + "\\s*\\.\\s*(?:equals|contains)\\("
                            + "|\\.(?:equals|contains)\\(\\s*\\w+\\s*\\.\\s*"
                            + "(?:organizationId|patientId)\\(\\))");

    /// Clients of the contract: they know states by the codes that are sent.
    private static final List<String> CLIENTS = List.of("console", "simulate");

    @Test
    void no_statement_names_a_state_by_a_text() throws IOException {
        assertThat(found(IN_SQL)).isEmpty();
    }

    @Test
    void the_states_of_a_prescription_are_named_once() throws IOException {
        assertThat(found(OF_A_PRESCRIPTION)).isEmpty();
    }

    @Test
    void who_may_see_a_prescription_stands_once() throws IOException {
        assertThat(found(SIGHT))
                .allMatch(one -> one.startsWith("prescription/life/SightViews.java"))
                .hasSizeGreaterThan(1);
        assertThat(found(SIGHT_OF_ROLE))
                .allMatch(one -> one.startsWith("platform/Sight.java"))
                .hasSizeGreaterThan(1);
    }

    @Test
    void what_is_looked_for_would_be_found() {
        assertThat(
                        Stream.of(
                                ".where(PRICE_EVENT.STATUS.eq(\"held\"))",
                                "QUEUE_TICKET.FATE.eq(DSL.inline(\"served\"))",
                                "ADMIN_JOB\n  .STATE\n  .eq(\"waiting\")",
                                ".set(ADMIN_JOB.STATE, \"running\")",
                                ".set(PRESCRIPTION_LINE.STATUS, _ -> \"active\")",
                                "PRESCRIPTION.STATE.notIn(\n  inline(\"cancelled\"))",
                                "get(row, PRICE_EVENT.STATUS).equals(\"held\")",
                                ".where(SALE.KIND.eq(\"dispense\"))",
                                "field(name(\"kind\")).eq(\"history\")"))
                .allMatch(one -> IN_SQL.matcher(one).find());
        assertThat(
                        Stream.of(
                                "PRESCRIPTION.HOSPITAL.eq(any(who.reviewsFor()))",
                                "other.HOSPITAL_ID.eq(caller.organizationId())",
                                "PRESCRIPTION\n  .as(\"p\")\n  .PATIENT_ID.eq(who.patientId())",
                                "held.PHARMACY_ID.in(DSL.any(who.organizationId()))"))
                .allMatch(one -> SIGHT.matcher(one).find());
        assertThat(
                        Stream.of(
                                "case HOSPITAL -> caller.organizationId().equals(hospital);",
                                "case PATIENT ->\n  id != null && id.equals(caller.patientId());",
                                "case REVIEWER -> told && who.reviewsFor().contains(number);"))
                .allMatch(one -> SIGHT_OF_ROLE.matcher(one).find());
    }

    private static List<String> found(Pattern pattern) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(MAIN)) {
            for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
                if (CLIENTS.contains(MAIN.relativize(file).getName(0).toString())) {
                    continue;
                }
                Matcher matcher = pattern.matcher(Files.readString(file));
                while (matcher.find()) {
                    found.add(MAIN.relativize(file) + ": " + matcher.group());
                }
            }
        }
        return found;
    }
}
