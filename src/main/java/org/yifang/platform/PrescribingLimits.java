package org.yifang.platform;

/// Limits of prescribing that a region sets differently.
///
/// @param linesMost western and Chinese patent drugs on one prescription
/// @param supplyDays of an ordinary prescription
/// @param emergencyDays of an emergency prescription
/// @param validityDays at most
/// @param calendarDay whether validity ends with its last calendar day (Asia/Shanghai)
/// @param longDays of a long prescription without assessment
/// @param longDaysMost of a long prescription with one
/// @param coldChainCirculates whether cold chain drugs may leave the hospital
/// @param coldChainLong whether they may be on long prescriptions: 长期处方管理规范 excludes what needs
///   special storage, yet regions list insulin for them
public record PrescribingLimits(
        int linesMost,
        int supplyDays,
        int emergencyDays,
        int validityDays,
        boolean calendarDay,
        int longDays,
        int longDaysMost,
        boolean coldChainCirculates,
        boolean coldChainLong) {
    /// As the national rules have them: 处方管理办法 art. 6, 18 and 19, 长期处方管理规范 (2021).
    public static final PrescribingLimits NATIONAL =
            new PrescribingLimits(5, 7, 3, 3, false, 28, 84, true, false);
}
