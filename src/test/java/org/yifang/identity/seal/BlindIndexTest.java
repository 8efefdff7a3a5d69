package org.yifang.identity.seal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Base64;
import java.util.HexFormat;

class BlindIndexTest {
    private static final String CARD = "urn:oid:2.16.156.10011.1.3";

    private final BlindIndex index =
            new BlindIndex(MasterKeys.parse(MasterKeys.generate()).firstIndexKey());

    @Test
    void is_the_same_for_every_way_of_typing_one_number() {
        byte[] stored = index.identifier(CARD, "42128119770522123X");
        assertThat(stored).hasSize(BlindIndex.BYTES);
        assertThat(index.identifier(CARD, " 421281 19770522 123x ")).isEqualTo(stored);
        assertThat(index.identifier(CARD, "421281-19770522-123Ｘ")).isEqualTo(stored);
        assertThat(index.identifier(CARD, "４２１２８１19770522123X")).isEqualTo(stored);
        assertThat(index.identifier(CARD, "421281197705221231")).isNotEqualTo(stored);
    }

    @Test
    void keeps_domains_and_systems_apart() {
        byte[] stored = index.identifier(CARD, "1");
        assertThat(index.identifier(CARD + "1", "")).isNotEqualTo(stored);
        assertThat(index.of("name", "1")).isNotEqualTo(stored);
        assertThat(index.name("1")).isNotEqualTo(index.phone("1"));
    }

    @Test
    void finds_a_name_whatever_its_dots_and_spaces() {
        assertThat(index.name("阿依古丽·买买提")).isEqualTo(index.name(" 阿依古丽•买买提"));
        assertThat(index.name("Li Lei")).isEqualTo(index.name("LI　LEI"));
        assertThat(index.name("张三")).isNotEqualTo(index.name("张三丰"));
    }

    @Test
    void finds_a_telephone_number_with_or_without_the_country() {
        byte[] stored = index.phone("13800000001");
        assertThat(index.phone("+86 138-0000-0001")).isEqualTo(stored);
        assertThat(index.phone("0086 (138) 00000001")).isEqualTo(stored);
        assertThat(index.phone("13800000002")).isNotEqualTo(stored);
    }

    @Test
    void is_another_under_another_key() {
        BlindIndex other = new BlindIndex(MasterKeys.parse(MasterKeys.generate()).firstIndexKey());
        assertThat(other.name("张三")).isNotEqualTo(index.name("张三"));
    }

    @Test
    void stays_what_it_was_in_the_first_release() {
        // Stored indexes must be found for ever; computed independently with Python's hmac.
        String key = Base64.getEncoder().encodeToString(new byte[32]);
        BlindIndex fixed =
                new BlindIndex(MasterKeys.parse("seal.1=" + key + " index=" + key).firstIndexKey());
        assertThat(HexFormat.of().formatHex(fixed.identifier(CARD, "421281195809210020")))
                .isEqualTo("2d671e225e3c5bfbefd837c9f93e6e72b6c0a138e551bb913cc187e3490969a2");
        assertThat(HexFormat.of().formatHex(fixed.name("张三")))
                .isEqualTo("b288be6240cc7c7591aceeb4518faee102e41d51c5c87406da9be7051e19e471");
    }
}
