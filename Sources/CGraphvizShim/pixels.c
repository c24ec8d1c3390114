#include "CGraphvizShim.h"
#include "graphviz_headers.h"
#include "internal.h"
#include <stdlib.h>
#include <string.h>

/* A device that keeps the picture which Cairo draws for a PNG, before it is written as a file. */

static struct { uint32_t *pixels; size_t width, height; } picture;

/* Graphviz calls it with Cairo's image, 32 bits a pixel and no gap between the rows. */
static void keep(GVJ_t *job) {
  size_t count = (size_t)job->width * job->height;
  free(picture.pixels);
  picture.pixels = job->imagedata && count ? malloc(count * sizeof *picture.pixels) : NULL;
  if (!picture.pixels) return;
  memcpy(picture.pixels, job->imagedata, count * sizeof *picture.pixels);
  picture.width = job->width;
  picture.height = job->height;
}

static gvdevice_engine_t engine = { .format = keep };

void gradviz_set_pixel_device(gvplugin_installed_t *device, const gvplugin_installed_t *png, int image) {
  *device = *png;
  device->type = "gradviz_pixels:cairo";
  device->id = image;
  device->engine = &engine;
}

const uint32_t *gradviz_pixels(size_t *width, size_t *height) {
  *width = picture.width;
  *height = picture.height;
  return picture.pixels;
}

void gradviz_clear_pixels(void) {
  free(picture.pixels);
  memset(&picture, 0, sizeof picture);
}
