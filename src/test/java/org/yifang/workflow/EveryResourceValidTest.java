package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.yifang.TestService;
import org.yifang.fhir.HapiValidator;
import org.yifang.simulate.Simulate;

import picocli.CommandLine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Whatever leaves the service is valid FHIR R4 and fits the profiles that it publishes itself, as
/// HAPI's own validator sees it.
final class EveryResourceValidTest {
    @Test
    @Timeout(300)
    void every_resource_of_a_small_day_is_valid() throws Exception {
        day(12, 5);
    }

    @Test
    @Tag("soak")
    @Timeout(7200)
    void every_resource_of_a_whole_day_is_valid() throws Exception {
        day(2000, 20_000);
    }

    private static void day(int prescriptions, int ofEachType) throws Exception {
        try (TestService service = TestService.own(Map.of())) {
            int played =
                    new CommandLine(new Simulate())
                            .execute(
                                    "--url",
                                    service.url(),
                                    "--prescriptions",
                                    Integer.toString(prescriptions),
                                    "--speed",
                                    "max");
            assertThat(played).isZero();
            Harvest harvest = new Harvest(service, ofEachType);
            harvest.everything();
            HapiValidator validator = new HapiValidator();
            List<String> wrong = new ArrayList<>();
            harvest.found()
                    .forEach((json, place) ->
                            validator.errors(json).forEach(one -> wrong.add(place + ": " + one)));
            assertThat(wrong).as("of %s", harvest.types()).isEmpty();
        }
    }
}
