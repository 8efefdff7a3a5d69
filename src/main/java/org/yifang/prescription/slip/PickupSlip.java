package org.yifang.prescription.slip;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;

import org.jspecify.annotations.Nullable;
import org.yifang.prescription.submit.SubmissionReader;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/// The slip that a patient takes to a pharmacy: what stands on it and where.
///
/// @param hospital name and number of the issuing hospital
/// @param numberEnd the last six digits of the prescription number
/// @param patient the patient's name, masked
/// @param lines how many drugs
/// @param from when it can be collected, null for now
/// @param until exclusive
/// @param code the pick-up code
/// @param address what the QR code says
/// @param issuingHospitalOnly whether only the hospital's own pharmacy may dispense it
record PickupSlip(
        String hospital,
        String numberEnd,
        String patient,
        int lines,
        @Nullable Instant from,
        Instant until,
        String code,
        String address,
        boolean issuingHospitalOnly) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(SubmissionReader.SHANGHAI);

    private static final double LEFT = 36;
    private static final double QR_SIDE = 190;

    /// Draws everything and gives the finished page.
    byte[] on(SlipCanvas canvas) {
        canvas.text(LEFT, 50, 22, "取药凭证");
        canvas.text(LEFT + 110, 50, 14, "Prescription pick-up slip");
        canvas.text(LEFT, 74, 14, hospital);
        canvas.text(LEFT, 104, 11, "取药码");
        canvas.text(LEFT + 44, 104, 10, "Pick-up code");
        canvas.letters(LEFT, 140, 30, spaced(code));
        qr(canvas, 158);
        double y = 372;
        field(canvas, y, "患者", "Patient", patient);
        field(canvas, y + 20, "处方号后六位", "Prescription number ends in", numberEnd);
        field(canvas, y + 40, "药品", "Drugs", Integer.toString(lines));
        if (from != null) {
            field(canvas, y + 60, "可取药时间自", "From", TIME.format(from));
            y += 20;
        }
        field(canvas, y + 60, "有效期至", "Valid until", TIME.format(until));
        canvas.text(
                LEFT,
                y + 92,
                10,
                issuingHospitalOnly ? "请到开方医院药房取药，出示二维码或报取药码。" : "请到任一联网药店出示二维码或报取药码，也可先比价再选择药店。");
        canvas.text(LEFT, y + 107, 10, "取药码等同取药凭据，请勿交给他人或发到网上。");
        canvas.text(
                LEFT,
                y + 126,
                9,
                issuingHospitalOnly
                        ? "Show the QR code or say the code at the issuing hospital's pharmacy."
                        : "Show the QR code or say the code at any connected pharmacy.");
        canvas.text(LEFT, y + 139, 9, "Whoever has the code can collect the drugs: keep it.");
        return canvas.bytes();
    }

    private static String spaced(String code) {
        StringBuilder spaced = new StringBuilder();
        for (int i = 0; i < code.length(); i++) {
            spaced.append(i == 0 ? "" : i == 4 ? "   " : " ").append(code.charAt(i));
        }
        return spaced.toString();
    }

    private static void field(
            SlipCanvas canvas, double y, String chinese, String english, String value) {
        canvas.text(LEFT, y, 11, chinese);
        canvas.text(LEFT + 74, y, 9, english);
        canvas.text(LEFT + 206, y, 11, value);
    }

    private void qr(SlipCanvas canvas, double top) {
        BitMatrix bits;
        try {
            bits =
                    new QRCodeWriter()
                            .encode(
                                    address,
                                    BarcodeFormat.QR_CODE,
                                    0,
                                    0,
                                    Map.of(
                                            EncodeHintType.ERROR_CORRECTION,
                                            ErrorCorrectionLevel.L,
                                            EncodeHintType.MARGIN,
                                            0));
        } catch (WriterException tooLong) {
            throw new IllegalStateException("a pick-up token fits a QR code", tooLong);
        }
        // Whole dots at three to the point, so that no seams run through the code.
        double side = Math.floor(QR_SIDE * 3 / bits.getWidth()) / 3;
        double left = Math.round((SlipCanvas.WIDTH - side * bits.getWidth()) / 2);
        for (int row = 0; row < bits.getHeight(); row++) {
            for (int column = 0; column < bits.getWidth(); column++) {
                if (bits.get(column, row)) {
                    canvas.square(left + column * side, top + row * side, side);
                }
            }
        }
    }

    /// `陈秀英` as `陈*英`, `李明` as `李*`.
    static String masked(String name) {
        int[] letters = name.strip().codePoints().toArray();
        if (letters.length == 0) {
            return "*";
        }
        String first = Character.toString(letters[0]);
        return letters.length < 3
                ? first + "*"
                : first
                        + "*".repeat(letters.length - 2)
                        + Character.toString(letters[letters.length - 1]);
    }
}
