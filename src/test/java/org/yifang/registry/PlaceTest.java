package org.yifang.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceTest {
    private static final Place CHIBI = new Place(29.72, 113.90);

    @Test
    void one_degree_of_latitude_is_111_km() {
        assertThat(CHIBI.kilometresTo(new Place(30.72, 113.90))).isCloseTo(111.195, within(0.001));
    }

    @Test
    void one_degree_of_longitude_shrinks_with_the_latitude() {
        assertThat(new Place(0, 10).kilometresTo(new Place(0, 11)))
                .isCloseTo(111.195, within(0.001));
        assertThat(new Place(60, 10).kilometresTo(new Place(60, 11)))
                .isCloseTo(55.597, within(0.01));
    }

    @Test
    void is_the_same_both_ways_and_nothing_to_itself() {
        Place wuhan = new Place(30.59, 114.31);
        assertThat(CHIBI.kilometresTo(wuhan)).isEqualTo(wuhan.kilometresTo(CHIBI));
        assertThat(CHIBI.kilometresTo(CHIBI)).isZero();
    }

    @Test
    void half_the_globe_is_the_longest_way() {
        assertThat(new Place(0, 0).kilometresTo(new Place(0, 180))).isCloseTo(20015.1, within(0.1));
    }

    @Test
    void crosses_the_date_line_the_short_way() {
        assertThat(new Place(0, 179.5).kilometresTo(new Place(0, -179.5)))
                .isCloseTo(111.195, within(0.001));
    }

    @ParameterizedTest
    @CsvSource({"90.1, 0", "-90.1, 0", "0, 180.1", "0, -180.1", "NaN, 0", "0, Infinity"})
    void is_refused_off_the_globe(double latitude, double longitude) {
        assertThatThrownBy(() -> new Place(latitude, longitude))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
