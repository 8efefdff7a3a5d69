package org.yifang.fhir.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.problem.Problem;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

class PageKeysTest {
    private static final PageKeys KEYS = new PageKeys(new byte[32]);
    private static final UUID PATIENT = new UUID(1, 1);

    static Caller caller(String client, @Nullable UUID patient) {
        return new Caller(
                client,
                Role.PATIENT,
                new UUID(0, 1),
                "",
                List.of(),
                List.of(),
                patient,
                Caller.Person.UNNAMED,
                "",
                "",
                "en");
    }

    private static PageKeys.Page page(@Nullable String... after) {
        Query query = Query.parse("name=%E7%8E%8B%0A&status=a,b&status=c%5C,d", false);
        return new PageKeys.Page(query, new ArrayList<>(Arrays.asList(after)));
    }

    @Test
    void a_key_gives_back_the_search_and_its_place() {
        Caller caller = caller("app", PATIENT);
        PageKeys.Page page = page("2026-03-01T00:00Z", null, "", " a\nb&c");
        PageKeys.Page back = KEYS.read("Task", caller, KEYS.write("Task", caller, page));
        assertThat(back.after()).isEqualTo(page.after());
        assertThat(back.query().all("name")).containsExactly("王\n");
        assertThat(back.query().all("status")).containsExactly("a,b", "c\\,d");
        assertThat(back.query().pairs()).noneMatch(Query.Pair::inUrl);
    }

    @Test
    void a_key_says_nothing_and_two_of_the_same_differ() {
        Caller caller = caller("app", null);
        String one = KEYS.write("Task", caller, page("1"));
        assertThat(new String(Base64.getUrlDecoder().decode(one), StandardCharsets.UTF_8))
                .doesNotContain("status");
        assertThat(one)
                .matches("[A-Za-z0-9_-]+")
                .isNotEqualTo(KEYS.write("Task", caller, page("1")));
    }

    @Test
    void a_key_is_of_no_use_to_another_client_patient_type_or_deployment() {
        String key = KEYS.write("Task", caller("app", PATIENT), page("1"));
        refused(KEYS, "Task", caller("other", PATIENT), key);
        refused(KEYS, "Task", caller("app", new UUID(2, 2)), key);
        refused(KEYS, "Task", caller("app", null), key);
        refused(KEYS, "Bundle", caller("app", PATIENT), key);
        byte[] another = new byte[32];
        another[0] = 1;
        refused(new PageKeys(another), "Task", caller("app", PATIENT), key);
    }

    @Test
    void every_altered_bit_is_noticed() {
        Caller caller = caller("app", PATIENT);
        byte[] whole = Base64.getUrlDecoder().decode(KEYS.write("Task", caller, page("1")));
        for (int i = 0; i < whole.length; i++) {
            byte[] altered = whole.clone();
            altered[i] ^= 1;
            refused(KEYS, "Task", caller, Base64.getUrlEncoder().encodeToString(altered));
        }
        refused(KEYS, "Task", caller, "");
        refused(KEYS, "Task", caller, "not base64!");
    }

    private static void refused(PageKeys keys, String type, Caller caller, String key) {
        assertThatThrownBy(() -> keys.read(type, caller, key))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code().code()).isEqualTo("RX-1403"));
    }
}
