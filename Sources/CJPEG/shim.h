#pragma once
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jpeglib.h>
#include <jerror.h>

// libjpeg reports errors through a callback that must not return; these functions jump back to themselves instead of exiting.

struct qnb_jpeg {
    uint32_t width, height;
    int bands;  // 1 gray, 3 red green blue, 4 cyan magenta yellow black
    uint8_t *pixels;
    char message[JMSG_LENGTH_MAX];
};

struct qnb_jpeg_errors {
    struct jpeg_error_mgr base;
    jmp_buf back;
    char *message;
};

static void qnb_jpeg_fail(j_common_ptr info) {
    struct qnb_jpeg_errors *errors = (struct qnb_jpeg_errors *)info->err;
    errors->base.format_message(info, errors->message);
    longjmp(errors->back, 1);
}

// Data that ends early is an error; other warnings are left to the decoder's own repair.
static void qnb_jpeg_message(j_common_ptr info, int level) {
    if (level < 0 && info->err->msg_code == JWRN_JPEG_EOF) {
        struct qnb_jpeg_errors *errors = (struct qnb_jpeg_errors *)info->err;
        strcpy(errors->message, "truncated");
        longjmp(errors->back, 1);
    }
}

static void qnb_jpeg_errors_init(struct qnb_jpeg_errors *errors, char *message) {
    jpeg_std_error(&errors->base);
    errors->base.error_exit = qnb_jpeg_fail;
    errors->base.emit_message = qnb_jpeg_message;
    errors->message = message;
}

// Returns 0, or 1 with `message` set.
static inline int qnb_jpeg_decode(const uint8_t *data, size_t size, uint64_t pixel_limit, struct qnb_jpeg *image) {
    struct jpeg_decompress_struct info;
    struct qnb_jpeg_errors errors;
    memset(image, 0, sizeof *image);
    memset(&info, 0, sizeof info);
    qnb_jpeg_errors_init(&errors, image->message);
    info.err = &errors.base;
    if (setjmp(errors.back)) {
        jpeg_destroy_decompress(&info);
        free(image->pixels);
        image->pixels = NULL;
        return 1;
    }
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, (unsigned char *)data, size);
    jpeg_read_header(&info, TRUE);
    if (info.num_components == 1) info.out_color_space = JCS_GRAYSCALE;
    else if (info.num_components == 3) info.out_color_space = JCS_RGB;
    else info.out_color_space = JCS_CMYK;
    image->width = info.image_width;
    image->height = info.image_height;
    if ((uint64_t)image->width * image->height > pixel_limit) {
        strcpy(image->message, "too large");
        longjmp(errors.back, 1);
    }
    jpeg_start_decompress(&info);
    image->bands = info.output_components;
    size_t row = (size_t)info.output_width * info.output_components;
    image->pixels = (uint8_t *)malloc(row * info.output_height + 1);
    if (!image->pixels) {
        strcpy(image->message, "out of memory");
        longjmp(errors.back, 1);
    }
    while (info.output_scanline < info.output_height) {
        JSAMPROW line = image->pixels + row * info.output_scanline;
        jpeg_read_scanlines(&info, &line, 1);
    }
    // Adobe's files store inverted inks.
    if (image->bands == 4 && info.saw_Adobe_marker) {
        for (size_t i = 0; i < row * info.output_height; i++) image->pixels[i] = ~image->pixels[i];
    }
    jpeg_finish_decompress(&info);
    jpeg_destroy_decompress(&info);
    return 0;
}

// Writes `image->pixels` into malloc'ed `*bytes`.
static inline int qnb_jpeg_encode(struct qnb_jpeg *image, int quality, uint8_t **bytes, size_t *count) {
    struct jpeg_compress_struct info;
    struct qnb_jpeg_errors errors;
    unsigned char *volatile buffer = NULL;
    unsigned long volatile length = 0;
    memset(&info, 0, sizeof info);
    qnb_jpeg_errors_init(&errors, image->message);
    info.err = &errors.base;
    if (setjmp(errors.back)) {
        jpeg_destroy_compress(&info);
        free((void *)buffer);
        return 1;
    }
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, (unsigned char **)&buffer, (unsigned long *)&length);
    info.image_width = image->width;
    info.image_height = image->height;
    info.input_components = image->bands;
    info.in_color_space = image->bands == 1 ? JCS_GRAYSCALE : image->bands == 3 ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, quality, TRUE);
    jpeg_start_compress(&info, TRUE);
    size_t row = (size_t)image->width * image->bands;
    while (info.next_scanline < info.image_height) {
        JSAMPROW line = image->pixels + row * info.next_scanline;
        jpeg_write_scanlines(&info, &line, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    *bytes = (uint8_t *)buffer;
    *count = length;
    return 0;
}
