package org.yifang.registry;

/// A point on the map, to reckon how far a patient has to go.
///
/// @param latitude degrees north, WGS 84 (as FHIR's Location.position), not GCJ-02 of Chinese maps
/// @param longitude degrees east, WGS 84
public record Place(double latitude, double longitude) {
    private static final double EARTH_RADIUS_KM = 6371.0088;

    /// @throws IllegalArgumentException when it is not on the globe
    public Place {
        if (!(Math.abs(latitude) <= 90) || !(Math.abs(longitude) <= 180)) {
            throw new IllegalArgumentException(
                    "`%s, %s` is no place on the globe.".formatted(latitude, longitude));
        }
    }

    /// The distance over the ground as the crow flies (haversine), in kilometres.
    public double kilometresTo(Place other) {
        double north = Math.toRadians(other.latitude - latitude);
        double east = Math.toRadians(other.longitude - longitude);
        double half =
                square(Math.sin(north / 2))
                        + Math.cos(Math.toRadians(latitude))
                                * Math.cos(Math.toRadians(other.latitude))
                                * square(Math.sin(east / 2));
        return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(half)));
    }

    private static double square(double value) {
        return value * value;
    }
}
