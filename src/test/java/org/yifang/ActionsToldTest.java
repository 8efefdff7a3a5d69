package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.prescription.life.Action;
import org.yifang.prescription.life.MomentListener;
import org.yifang.tools.ForgetfulSwitches;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whoever adds an action is told by the compiler who has to know it: nobody tells actions apart in
/// a way that lets a new one pass, and who hears of them all tells them apart.
class ActionsToldTest {
    private static final Path MAIN = Path.of("src/main/java/org/yifang");

    /// Clients of the contract: they know actions by the codes that are sent.
    private static final List<String> CLIENTS = List.of("console", "simulate");

    @Test
    void a_new_action_is_answered_by_all_who_tell_actions_apart() throws IOException {
        assertThat(forgetful(sources())).isEmpty();
    }

    @Test
    void who_would_forget_an_action_would_be_found(@TempDir Path folder) throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("Forgetful.java"),
                        """
                        class Forgetful {
                            int open(Action one) {
                                return switch (one) { case CLAIM -> 1; default -> 0; };
                            }
                            void statement(Action one) {
                                switch (one) { case Action.CLAIM, RENEW -> {} }
                            }
                            int text(String one) {
                                return switch (one) { case "arrived", "paid" -> 1; default -> 0; };
                            }
                            int well(Action one) {
                                return switch (one) { case CLAIM -> 1; case RENEW -> 0; };
                            }
                            int another(String one) {
                                return switch (one) { case "claim", "other" -> 1; default -> 0; };
                            }
                        }
                        """);
        assertThat(forgetful(List.of(file)))
                .containsExactly("Forgetful.java:3", "Forgetful.java:6", "Forgetful.java:9");
    }

    @Test
    void who_hears_of_prescriptions_answers_for_every_action() throws IOException {
        assertThat(deaf(sources())).isEmpty();
    }

    @Test
    void a_listener_that_would_not_hear_of_an_action_would_be_found(@TempDir Path folder)
            throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("Deaf.java"),
                        """
                        class Deaf implements MomentListener {
                            public void hear(Tx tx, Moment moment) {
                                if (moment.action() == CLAIM) { run(); }
                            }
                            int elsewhere(Action one) {
                                return switch (one) { case CLAIM -> 1; case RENEW -> 0; };
                            }
                        }
                        class Forgetful implements Other, MomentListener {
                            public void hear(Tx tx, Moment moment) {
                                int heard = switch (moment.action()) {
                                    case CLAIM -> 1;
                                    default -> 0;
                                };
                            }
                        }
                        class OfStates implements life.MomentListener {
                            public void hear(Tx tx, Moment moment) {
                                int heard = switch (moment.state()) { case CLAIMED -> 1; };
                            }
                        }
                        class Well implements MomentListener {
                            public void hear(Tx tx, Moment moment) {
                                int heard = switch (moment.action()) {
                                    case Action.CLAIM, RENEW -> 1;
                                };
                            }
                        }
                        class Another implements Other {
                            public void hear(Tx tx, Moment moment) {}
                        }
                        """);
        assertThat(deaf(List.of(file)))
                .containsExactly("Deaf.java:1", "Deaf.java:9", "Deaf.java:17");
    }

    private static List<String> deaf(List<Path> files) throws IOException {
        return ForgetfulSwitches.deaf(
                MomentListener.class.getSimpleName(),
                "hear",
                Arrays.stream(Action.values()).map(Action::name).collect(Collectors.toSet()),
                files);
    }

    private static List<String> forgetful(List<Path> files) throws IOException {
        List<Action> all = List.of(Action.values());
        return ForgetfulSwitches.over(
                all.stream().map(Action::name).collect(Collectors.toSet()),
                all.stream().map(Action::code).collect(Collectors.toSet()),
                files);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(MAIN)) {
            return files.filter(one -> one.toString().endsWith(".java"))
                    .filter(one -> !CLIENTS.contains(MAIN.relativize(one).getName(0).toString()))
                    .toList();
        }
    }
}
