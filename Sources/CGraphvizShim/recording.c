#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CGraphvizShim.h"
#include "graphviz_headers.h"
#include "internal.h"
#include "recording.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Signatures changed between versions under the same names; the types tell which one this is. */
typedef __typeof__(((gvrender_engine_t *)0)->polygon) polygon_function;
typedef __typeof__(((gvrender_engine_t *)0)->polyline) polyline_function;
typedef __typeof__(((gvrender_engine_t *)0)->beziercurve) bezier_function;
#define PICK(type, a, b) \
  __builtin_choose_expr(__builtin_types_compatible_p(type, __typeof__(&a)), a, b)

/* ---- what was recorded ---- */
static gradviz_event *events;
static size_t event_count, event_room;
static double *points;
static size_t point_count, point_room;
static char **strings;
static size_t string_count, string_room;
/* The sheet with its margin, in graph points: the y axis points up, and the origin excludes the margin. */
static boxf sheet;
static int out_of_memory;

void gradviz_clear_recording(void) {
  for (size_t i = 0; i < string_count; i++) free(strings[i]);
  event_count = point_count = string_count = 0;
  out_of_memory = 0;
}

int gradviz_take_recording(gradviz_recording *recording) {
  recording->width = sheet.UR.x - sheet.LL.x;
  recording->height = sheet.UR.y - sheet.LL.y;
  recording->events = events;
  recording->event_count = event_count;
  recording->points = points;
  recording->point_count = point_count;
  return out_of_memory;
}

static const char *keep(const char *text) {
  if (!text) return NULL;
  if (string_count == string_room) {
    size_t room = string_room ? 2 * string_room : 256;
    char **more = realloc(strings, room * sizeof *strings);
    if (!more) { out_of_memory = 1; return NULL; }
    strings = more; string_room = room;
  }
  char *copy = strdup(text);
  if (!copy) { out_of_memory = 1; return NULL; }
  return strings[string_count++] = copy;
}

static gradviz_event *add(int kind) {
  if (event_count == event_room) {
    size_t room = event_room ? 2 * event_room : 256;
    gradviz_event *more = realloc(events, room * sizeof *events);
    if (!more) { out_of_memory = 1; return NULL; }
    events = more; event_room = room;
  }
  gradviz_event *event = &events[event_count++];
  memset(event, 0, sizeof *event);
  event->kind = kind;
  event->first_point = point_count;
  return event;
}

static void add_point(gradviz_event *event, double x, double y) {
  if (point_count == point_room) {
    size_t room = point_room ? 2 * point_room : 1024;
    double *more = realloc(points, room * 2 * sizeof *points);
    if (!more) { out_of_memory = 1; return; }
    points = more; point_room = room;
  }
  points[2 * point_count] = x - sheet.LL.x;
  points[2 * point_count + 1] = sheet.UR.y - y;
  point_count++;
  event->point_count++;
}

/* ---- drawing ---- */

static gvrender_features_t render_features = {
  GVRENDER_DOES_TRANSFORM | GVRENDER_DOES_LABELS | GVRENDER_DOES_TOOLTIPS, 4., NULL, 0, RGBA_BYTE };

static int compare_names(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* Graphviz passes the color names declared as known, and all other colors as numbers. */
static uint16_t take_color(const gvcolor_t *color, uint32_t *rgba) {
  if (color->type == COLOR_STRING && color->u.string) {
    char **names = render_features.knowncolors;
    char **place = bsearch(&color->u.string, names, (size_t)render_features.sz_knowncolors, sizeof *names, compare_names);
    if (place) return (uint16_t)(place - names + 1);
  }
  const unsigned char *c = color->u.rgba;
  *rgba = ((uint32_t)c[0] << 24) | ((uint32_t)c[1] << 16) | ((uint32_t)c[2] << 8) | c[3];
  return 0;
}

static void *object(GVJ_t *job) {
  switch (job->obj->type) {
  case ROOTGRAPH_OBJTYPE: return job->obj->u.g;
  case CLUSTER_OBJTYPE: return job->obj->u.sg;
  case NODE_OBJTYPE: return job->obj->u.n;
  case EDGE_OBJTYPE: return job->obj->u.e;
  }
  return NULL;
}

static const char *attribute(GVJ_t *job, const char *name) {
  void *o = object(job);
  const char *text = o ? agget(o, (char *)name) : NULL;
  return text && *text ? text : NULL;
}

static void begin_group(GVJ_t *job, int group) {
  gradviz_event *event = add(gradviz_begin_group);
  if (!event) return;
  event->group = group;
  event->text = keep(attribute(job, "id"));
  event->classes = keep(attribute(job, "class"));
  /* As in the attribute, with the writer's escapes: doubled backslashes and `&amp;`. */
  event->tooltip = keep(attribute(job, "tooltip"));
}

static void end_group(int group) {
  gradviz_event *event = add(gradviz_end_group);
  if (event) event->group = group;
}

static void begin_graph(GVJ_t *job) {
  sheet = job->bb;
  begin_group(job, gradviz_graph);
}
static void end_graph(GVJ_t *job) { (void)job; end_group(gradviz_graph); }
static void begin_cluster(GVJ_t *job) { begin_group(job, gradviz_cluster); }
static void end_cluster(GVJ_t *job) { (void)job; end_group(gradviz_cluster); }
static void begin_node(GVJ_t *job) { begin_group(job, gradviz_node); }
static void end_node(GVJ_t *job) { (void)job; end_group(gradviz_node); }
static void begin_edge(GVJ_t *job) { begin_group(job, gradviz_edge); }
static void end_edge(GVJ_t *job) { (void)job; end_group(gradviz_edge); }

static void resolve_color(GVJ_t *job, gvcolor_t *color) { (void)job; (void)color; }

static gradviz_event *shape(GVJ_t *job, int kind, int filled) {
  gradviz_event *event = add(kind);
  if (!event) return NULL;
  obj_state_t *o = job->obj;
  event->filled = filled;
  event->pen_tint = take_color(&o->pencolor, &event->pen);
  event->fill_tint = take_color(&o->fillcolor, &event->fill);
  event->pen_width = o->penwidth;
  event->line = o->pen == PEN_NONE ? 0 : o->pen == PEN_DASHED ? 1 : o->pen == PEN_DOTTED ? 2 : 3;
  return event;
}

/* Graphviz' RBCONST: the extent of a rounded corner along its sides, at most a third of them. */
static const double corner_reach = 12;

static int is_near(double a, double b) { return a - b < 1e-6 && b - a < 1e-6; }

/* Boxes come as outlines: four corners, or a curve of four corners and four sides whose control points all lie on the
   sides. 0 for another outline, such as a diamond's. */
static int find_box(int kind, const pointf *a, size_t n, boxf *box) {
  enum { rounded_box = 3 * (4 + 4) + 1 };
  if (kind == gradviz_polygon ? n != 4 : kind != gradviz_bezier || n != rounded_box) return 0;
  *box = (boxf){ a[0], a[0] };
  for (size_t i = 1; i < n; i++) {
    if (a[i].x < box->LL.x) box->LL.x = a[i].x;
    if (a[i].x > box->UR.x) box->UR.x = a[i].x;
    if (a[i].y < box->LL.y) box->LL.y = a[i].y;
    if (a[i].y > box->UR.y) box->UR.y = a[i].y;
  }
  for (size_t i = 0; i < n; i++) {
    int sides = (is_near(a[i].x, box->LL.x) || is_near(a[i].x, box->UR.x))
      + (is_near(a[i].y, box->LL.y) || is_near(a[i].y, box->UR.y));
    if (sides < (kind == gradviz_polygon ? 2 : 1)) return 0;
  }
  return 1;
}

static void outline(GVJ_t *job, int kind, const pointf *a, size_t n, int filled) {
  boxf box;
  int is_box = n > 0 && job->obj->type != EDGE_OBJTYPE && find_box(kind, a, n, &box);
  gradviz_event *event = shape(job, is_box ? gradviz_rectangle : kind, filled);
  if (!event) return;
  if (!is_box) {
    for (size_t i = 0; i < n; i++) add_point(event, a[i].x, a[i].y);
    return;
  }
  double width = box.UR.x - box.LL.x, height = box.UR.y - box.LL.y;
  double third = (width < height ? width : height) / 3;
  event->radius = kind == gradviz_polygon ? 0 : third < corner_reach ? third : corner_reach;
  add_point(event, box.LL.x, box.UR.y);
  add_point(event, box.UR.x, box.LL.y);
}

static void ellipse(GVJ_t *job, pointf *a, int filled) { outline(job, gradviz_ellipse, a, 2, filled); }
static void polygon_int(GVJ_t *j, pointf *a, int n, int f) { outline(j, gradviz_polygon, a, (size_t)n, f); }
static void polygon_size(GVJ_t *j, pointf *a, size_t n, int f) { outline(j, gradviz_polygon, a, n, f); }
static void polyline_int(GVJ_t *j, pointf *a, int n) { outline(j, gradviz_polyline, a, (size_t)n, 0); }
static void polyline_size(GVJ_t *j, pointf *a, size_t n) { outline(j, gradviz_polyline, a, n, 0); }
static void bezier_arrows(GVJ_t *j, pointf *a, int n, int s, int e, int f) {
  (void)s; (void)e; outline(j, gradviz_bezier, a, (size_t)n, f);
}
static void bezier_int(GVJ_t *j, pointf *a, int n, int f) { outline(j, gradviz_bezier, a, (size_t)n, f); }
static void bezier_size(GVJ_t *j, pointf *a, size_t n, int f) { outline(j, gradviz_bezier, a, n, f); }

int gradviz_run_flags(const textspan_t *span) {
  int flags = span->font ? (int)span->font->flags : 0;
  const char *name = span->font ? span->font->name : NULL;
  return ((flags & HTML_BF) ? 1 : 0) | ((flags & HTML_IF) ? 2 : 0) | ((flags & HTML_SUP) ? 4 : 0)
         | ((flags & HTML_SUB) ? 8 : 0) | (name && !strncmp(name, "Times", 5) ? 32 : 0);
}

static void textspan(GVJ_t *job, pointf p, textspan_t *span) {
  gradviz_event *event = add(gradviz_text);
  if (!event || !span->font) return;
  event->text = keep(span->str);
  event->pen_tint = take_color(&job->obj->pencolor, &event->pen);
  event->size = span->font->size;
  event->width = span->size.x;
  event->flags = gradviz_run_flags(span);
  event->justified = span->just;
  add_point(event, p.x, p.y);
}

static gvrender_engine_t render_engine;
static gvdevice_features_t device_features = { GVDEVICE_DOES_TRUECOLOR, {0, 0}, {0, 0}, {72, 72} };
static gvplugin_installed_t render_types[] = {
  {1, "gradviz", 1, &render_engine, &render_features}, {0, NULL, 0, NULL, NULL} };
static gvplugin_installed_t device_types[] = {
  {1, "gradviz:gradviz", 1, NULL, &device_features}, {0, NULL, 0, NULL, NULL} };

static gvplugin_api_t apis[] = {
  {API_device, device_types}, {API_render, render_types}, {API_textlayout, gradviz_text_types}, {(api_t)0, NULL} };
static gvplugin_library_t own_library = { (char *)"gradviz", apis };

void gradviz_set_tints(const char *const *tints, size_t count) {
  render_features.knowncolors = (char **)(uintptr_t)tints;
  render_features.sz_knowncolors = (int)count;
}

gvplugin_library_t *gradviz_own_plugins(void) {
  render_engine.begin_graph = begin_graph;
  render_engine.end_graph = end_graph;
  render_engine.begin_cluster = begin_cluster;
  render_engine.end_cluster = end_cluster;
  render_engine.begin_node = begin_node;
  render_engine.end_node = end_node;
  render_engine.begin_edge = begin_edge;
  render_engine.end_edge = end_edge;
  render_engine.textspan = textspan;
  render_engine.resolve_color = resolve_color;
  render_engine.ellipse = ellipse;
  render_engine.polygon = PICK(polygon_function, polygon_int, polygon_size);
  render_engine.polyline = PICK(polyline_function, polyline_int, polyline_size);
  render_engine.beziercurve = __builtin_choose_expr(
    __builtin_types_compatible_p(bezier_function, __typeof__(&bezier_arrows)), bezier_arrows,
    PICK(bezier_function, bezier_int, bezier_size));
  return &own_library;
}
