#pragma once
#include <png.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// libpng reports errors by longjmp, which must not cross Swift frames: these functions contain it.

struct qnb_png {
    uint32_t width, height;
    int bit_depth, color_type;
    int palette_count, alpha_count;
    uint8_t palette[768], alpha[256];
    uint8_t *pixels;  // malloc'ed rows without gaps
    size_t row_bytes;
    char message[160];
};

struct qnb_png_source {
    const uint8_t *data;
    size_t left;
    struct qnb_png *image;
};

static void qnb_png_fail(png_structp png, png_const_charp text) {
    struct qnb_png *image = (struct qnb_png *)png_get_error_ptr(png);
    strncpy(image->message, text, sizeof image->message - 1);
    png_longjmp(png, 1);
}

static void qnb_png_ignore(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void qnb_png_take(png_structp png, png_bytep out, png_size_t count) {
    struct qnb_png_source *source = (struct qnb_png_source *)png_get_io_ptr(png);
    if (count > source->left) png_error(png, "truncated");
    memcpy(out, source->data, count);
    source->data += count;
    source->left -= count;
}

// Bits below a byte are unpacked (grays scaled to 0...255 unless of one bit, palette indices kept), 16-bit colour is cut to 8 bits,
// 16-bit gray is delivered little-endian. Returns 0, or 1 with `message` set.
static inline int qnb_png_decode(const uint8_t *data, size_t size, uint64_t pixel_limit, struct qnb_png *image) {
    struct qnb_png_source source = {data, size, image};
    png_bytep *volatile rows = NULL;
    memset(image, 0, sizeof *image);
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, image, qnb_png_fail, qnb_png_ignore);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        png_destroy_read_struct(&png, NULL, NULL);
        strcpy(image->message, "out of memory");
        return 1;
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        free((void *)rows);
        free(image->pixels);
        image->pixels = NULL;
        return 1;
    }
    png_set_read_fn(png, &source, qnb_png_take);
    png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_WARN_DISCARD);
    png_read_info(png, info);
    image->width = png_get_image_width(png, info);
    image->height = png_get_image_height(png, info);
    image->bit_depth = png_get_bit_depth(png, info);
    image->color_type = png_get_color_type(png, info);
    if ((uint64_t)image->width * image->height > pixel_limit) png_error(png, "too large");
    png_colorp colors;
    int count;
    if (png_get_PLTE(png, info, &colors, &count)) {
        image->palette_count = count;
        for (int i = 0; i < count; i++) {
            image->palette[i * 3] = colors[i].red;
            image->palette[i * 3 + 1] = colors[i].green;
            image->palette[i * 3 + 2] = colors[i].blue;
        }
    }
    png_bytep alpha;
    if (image->color_type == PNG_COLOR_TYPE_PALETTE && png_get_tRNS(png, info, &alpha, &count, NULL) && alpha) {
        image->alpha_count = count;
        memcpy(image->alpha, alpha, count);
    }
    if (image->color_type == PNG_COLOR_TYPE_GRAY && image->bit_depth < 8) {
        png_set_expand_gray_1_2_4_to_8(png);
    } else if (image->bit_depth < 8) {
        png_set_packing(png);
    }
    if (image->bit_depth == 16) {
        if (image->color_type == PNG_COLOR_TYPE_GRAY) png_set_swap(png);
        else png_set_strip_16(png);
    }
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    image->row_bytes = png_get_rowbytes(png, info);
    image->pixels = (uint8_t *)malloc(image->row_bytes * image->height + 1);
    rows = (png_bytep *)malloc(sizeof(png_bytep) * image->height + 1);
    if (!image->pixels || !rows) png_error(png, "out of memory");
    for (uint32_t y = 0; y < image->height; y++) ((png_bytep *)rows)[y] = image->pixels + y * image->row_bytes;
    png_read_image(png, (png_bytep *)rows);
    png_read_end(png, NULL);
    png_destroy_read_struct(&png, &info, NULL);
    free((void *)rows);
    return 0;
}

struct qnb_png_sink {
    uint8_t *bytes;
    size_t count, capacity;
};

static void qnb_png_put(png_structp png, png_bytep data, png_size_t count) {
    struct qnb_png_sink *sink = (struct qnb_png_sink *)png_get_io_ptr(png);
    if (sink->count + count > sink->capacity) {
        size_t capacity = (sink->count + count) * 2;
        uint8_t *bytes = (uint8_t *)realloc(sink->bytes, capacity);
        if (!bytes) png_error(png, "out of memory");
        sink->bytes = bytes;
        sink->capacity = capacity;
    }
    memcpy(sink->bytes + sink->count, data, count);
    sink->count += count;
}

static void qnb_png_flush(png_structp png) { (void)png; }

// Writes `image->pixels`; rows of one-bit images hold one byte a pixel, 16-bit ones are little-endian. `level` is zlib's, -1 its default.
static inline int qnb_png_encode(struct qnb_png *image, int level, struct qnb_png_sink *sink) {
    memset(sink, 0, sizeof *sink);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, image, qnb_png_fail, qnb_png_ignore);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info || setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        free(sink->bytes);
        sink->bytes = NULL;
        return 1;
    }
    png_set_write_fn(png, sink, qnb_png_put, qnb_png_flush);
    if (level >= 0) png_set_compression_level(png, level);
    png_set_IHDR(png, info, image->width, image->height, image->bit_depth, image->color_type, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (image->palette_count) {
        png_color colors[256];
        for (int i = 0; i < image->palette_count; i++) {
            colors[i].red = image->palette[i * 3];
            colors[i].green = image->palette[i * 3 + 1];
            colors[i].blue = image->palette[i * 3 + 2];
        }
        png_set_PLTE(png, info, colors, image->palette_count);
    }
    if (image->alpha_count) png_set_tRNS(png, info, image->alpha, image->alpha_count, NULL);
    png_write_info(png, info);
    if (image->bit_depth < 8) png_set_packing(png);
    if (image->bit_depth == 16) png_set_swap(png);
    for (uint32_t y = 0; y < image->height; y++) png_write_row(png, image->pixels + y * image->row_bytes);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return 0;
}
