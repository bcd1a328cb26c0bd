/* A stand-in for NVIDIA's libcuda, libcublas and libcusolver that computes on the processor.
 *
 * The tests compile it three times, under the three names. Its prototypes are those of NVIDIA's
 * headers: `check_headers.sh` compiles this file with the real ones (-DNVIDIA_HEADERS), so that a
 * wrong signature does not compile. "Card" memory is ordinary memory; copies happen at once.
 *
 * STAND_IN_FAIL=call      that call returns an error
 * STAND_IN_FAIL_FROM=n    only from its n-th time on (1 by default)
 * STAND_IN_MEMORY=bytes   the card has no more
 * STAND_IN_WRONG=what     gram, eigenvalue, nan, word: a wrong result, from the second matrix on;
 *                         first: already of the first one, and only eigenvalues whose sums are right
 * STAND_IN_VERSION=n      what cuDriverGetVersion says (12080 by default)
 * STAND_IN_CARDS=n        how many cards there are (1 by default)
 * -DWITHOUT_WIDE          cuSOLVER has no 64-bit interface, as in CUDA 11.0
 * -DWITHOUT_SYRK          cuBLAS lacks a function
 */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#ifdef NVIDIA_HEADERS
#include <cuda.h>
#include <cublas_v2.h>
#include <cusolverDn.h>
#else
#define CUDAAPI
typedef int CUresult, CUdevice, cublasStatus_t, cusolverStatus_t;
typedef int cublasFillMode_t, cublasOperation_t, cusolverEigMode_t, cudaDataType;
typedef unsigned long long CUdeviceptr;
typedef void *CUcontext, *CUstream, *cudaStream_t, *cublasHandle_t;
typedef void *cusolverDnHandle_t, *cusolverDnParams_t;
#define cuDevicePrimaryCtxRelease cuDevicePrimaryCtxRelease_v2
#define cuStreamDestroy cuStreamDestroy_v2
#define cuMemAlloc cuMemAlloc_v2
#define cuMemFree cuMemFree_v2
#define cuMemcpyHtoDAsync cuMemcpyHtoDAsync_v2
#define cuMemcpyDtoHAsync cuMemcpyDtoHAsync_v2
#endif

static const char *setting(const char *name) {
    const char *value = getenv(name);
    return value ? value : "";
}

/* Whether the call is to fail now. */
static int fails(const char *call) {
    static int count;
    if (strcmp(setting("STAND_IN_FAIL"), call) != 0)
        return 0;
    const char *from = setting("STAND_IN_FAIL_FROM");
    return ++count >= (*from ? atoi(from) : 1);
}

/* The matrix in hand, from 1: counted by each library for itself, by what it is called for once a
 * matrix. */
static int matrix;

static int wrong(const char *what) {
    const char *is = setting("STAND_IN_WRONG");
    if (strcmp(is, "first") == 0)
        return strcmp(what, "turned") == 0;
    return matrix > 1 && strcmp(is, what) == 0;
}

static size_t used;

#define FAIL(call, code) \
    if (fails(call))     \
    return (code)

/* ---- libcuda ---- */

CUresult CUDAAPI cuInit(unsigned int flags) {
    FAIL("cuInit", 100);
    return flags != 0;
}

CUresult CUDAAPI cuDriverGetVersion(int *version) {
    const char *is = setting("STAND_IN_VERSION");
    *version = *is ? atoi(is) : 12080;
    return 0;
}

CUresult CUDAAPI cuDeviceGetCount(int *count) {
    const char *is = setting("STAND_IN_CARDS");
    *count = *is ? atoi(is) : 1;
    return 0;
}

CUresult CUDAAPI cuDeviceGet(CUdevice *device, int ordinal) {
    *device = ordinal;
    return 0;
}

CUresult CUDAAPI cuDeviceGetName(char *name, int length, CUdevice device) {
    (void)device;
    snprintf(name, length, "Stand-in 1");
    return 0;
}

static int a_context, a_stream, a_handle;

CUresult CUDAAPI cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device) {
    (void)device;
    FAIL("cuDevicePrimaryCtxRetain", 2);
    *context = (CUcontext)&a_context;
    return 0;
}

CUresult CUDAAPI cuDevicePrimaryCtxRelease(CUdevice device) {
    (void)device;
    return used != 0; /* all of it was freed */
}

CUresult CUDAAPI cuCtxSetCurrent(CUcontext context) {
    FAIL("cuCtxSetCurrent", 201);
    return context != (CUcontext)&a_context;
}

CUresult CUDAAPI cuStreamCreate(CUstream *stream, unsigned int flags) {
    (void)flags;
    *stream = (CUstream)&a_stream;
    return 0;
}

CUresult CUDAAPI cuStreamSynchronize(CUstream stream) {
    FAIL("cuStreamSynchronize", 700);
    return stream != (CUstream)&a_stream;
}

CUresult CUDAAPI cuStreamDestroy(CUstream stream) {
    return stream != (CUstream)&a_stream;
}

/* Each piece of memory has its size in front. */
enum { FRONT = 64 };

CUresult CUDAAPI cuMemAlloc(CUdeviceptr *address, size_t bytes) {
    const char *most = setting("STAND_IN_MEMORY");
    FAIL("cuMemAlloc", 2);
    if (*most && __atomic_load_n(&used, __ATOMIC_SEQ_CST) + bytes > strtoull(most, NULL, 10))
        return 2;
    char *memory = malloc(bytes + FRONT);
    if (!memory)
        return 2;
    memcpy(memory, &bytes, sizeof bytes);
    __atomic_add_fetch(&used, bytes, __ATOMIC_SEQ_CST);
    *address = (CUdeviceptr)(uintptr_t)(memory + FRONT);
    return 0;
}

CUresult CUDAAPI cuMemFree(CUdeviceptr address) {
    char *memory = (char *)(uintptr_t)address - FRONT;
    size_t bytes;
    memcpy(&bytes, memory, sizeof bytes);
    __atomic_sub_fetch(&used, bytes, __ATOMIC_SEQ_CST);
    free(memory);
    return 0;
}

CUresult CUDAAPI cuMemHostAlloc(void **memory, size_t bytes, unsigned int flags) {
    (void)flags;
    FAIL("cuMemHostAlloc", 2);
    *memory = malloc(bytes);
    return *memory ? 0 : 2;
}

CUresult CUDAAPI cuMemFreeHost(void *memory) {
    free(memory);
    return 0;
}

CUresult CUDAAPI cuMemcpyHtoDAsync(CUdeviceptr to, const void *from, size_t bytes, CUstream stream) {
    FAIL("cuMemcpyHtoDAsync", 719);
    memcpy((void *)(uintptr_t)to, from, bytes);
    return stream != (CUstream)&a_stream;
}

CUresult CUDAAPI cuMemcpyDtoHAsync(void *to, CUdeviceptr from, size_t bytes, CUstream stream) {
    FAIL("cuMemcpyDtoHAsync", 719);
    memcpy(to, (void *)(uintptr_t)from, bytes);
    return stream != (CUstream)&a_stream;
}

CUresult CUDAAPI cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t bytes, CUstream stream) {
    FAIL("cuMemsetD8Async", 1);
    memset((void *)(uintptr_t)to, value, bytes);
    return stream != (CUstream)&a_stream;
}

/* ---- libcublas ---- */

cublasStatus_t cublasCreate_v2(cublasHandle_t *handle) {
    FAIL("cublasCreate", 1);
    *handle = (cublasHandle_t)&a_handle;
    return 0;
}

cublasStatus_t cublasDestroy_v2(cublasHandle_t handle) {
    return handle != (cublasHandle_t)&a_handle;
}

cublasStatus_t cublasGetVersion_v2(cublasHandle_t handle, int *version) {
    *version = 120803;
    return handle != (cublasHandle_t)&a_handle;
}

cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, cudaStream_t stream) {
    return handle != (cublasHandle_t)&a_handle || !stream;
}

#ifndef WITHOUT_SYRK
cublasStatus_t cublasDsyrk_v2(cublasHandle_t handle, cublasFillMode_t uplo, cublasOperation_t trans,
                              int n, int k, const double *alpha, const double *A, int lda,
                              const double *beta, double *C, int ldc) {
    FAIL("cublasDsyrk", 13);
    if (handle != (cublasHandle_t)&a_handle || uplo != 0 || lda < (trans ? k : n) || ldc < n)
        return 7;
    for (int col = 0; col < n; col++)
        for (int row = col; row < n; row++) {
            double sum = 0;
            for (int i = 0; i < k; i++) {
                size_t left = trans ? (size_t)row * lda + i : (size_t)i * lda + row;
                size_t right = trans ? (size_t)col * lda + i : (size_t)i * lda + col;
                sum += A[left] * A[right];
            }
            double *at = C + (size_t)col * ldc + row;
            *at = *alpha * sum + *beta * *at;
        }
    return 0;
}
#endif

cublasStatus_t cublasDsymv_v2(cublasHandle_t handle, cublasFillMode_t uplo, int n,
                              const double *alpha, const double *A, int lda, const double *x,
                              int incx, const double *beta, double *y, int incy) {
    FAIL("cublasDsymv", 13);
    if (handle != (cublasHandle_t)&a_handle || uplo != 0 || incx != 1 || incy != 1 || *beta != 0)
        return 7;
    matrix++;
    for (int row = 0; row < n; row++) {
        double sum = 0;
        for (int col = 0; col < n; col++) {
            size_t low = row > col ? row : col, high = row > col ? col : row;
            sum += A[high * lda + low] * x[col];
        }
        y[row] = *alpha * sum;
    }
    if (wrong("gram"))
        y[n / 2] *= 1.0 + 1e-7;
    return 0;
}

cublasStatus_t cublasDnrm2_v2(cublasHandle_t handle, int n, const double *x, int incx,
                              double *result) {
    FAIL("cublasDnrm2", 13);
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[(size_t)i * incx] * x[(size_t)i * incx];
    *result = sqrt(sum);
    return handle != (cublasHandle_t)&a_handle;
}

/* ---- libcusolver ---- */

cusolverStatus_t cusolverDnCreate(cusolverDnHandle_t *handle) {
    FAIL("cusolverDnCreate", 1);
    *handle = (cusolverDnHandle_t)&a_handle;
    return 0;
}

cusolverStatus_t cusolverDnDestroy(cusolverDnHandle_t handle) {
    return handle != (cusolverDnHandle_t)&a_handle;
}

cusolverStatus_t cusolverDnSetStream(cusolverDnHandle_t handle, cudaStream_t stream) {
    return handle != (cusolverDnHandle_t)&a_handle || !stream;
}

static int ascending(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Eigenvalues by Householder's reduction and the QL method with implicit shifts. */
static void eigenvalues(int n, double *A, int lda, double *values) {
    double *d = values, *e = calloc(n + 1, sizeof *e), *v = malloc(n * sizeof *v),
           *p = malloc(n * sizeof *p);
    for (int col = 0; col < n; col++)
        for (int row = 0; row < col; row++)
            A[(size_t)col * lda + row] = A[(size_t)row * lda + col];
#define AT(row, col) A[(size_t)(col) * lda + (row)]
    for (int k = 0; k + 2 < n; k++) {
        double norm = 0;
        for (int i = k + 1; i < n; i++)
            norm += AT(i, k) * AT(i, k);
        norm = sqrt(norm);
        if (norm == 0)
            continue;
        double alpha = AT(k + 1, k) > 0 ? -norm : norm, square = 0;
        for (int i = k + 1; i < n; i++) {
            v[i] = AT(i, k) - (i == k + 1 ? alpha : 0);
            square += v[i] * v[i];
        }
        double inner = 0;
        for (int i = k + 1; i < n; i++) {
            p[i] = 0;
            for (int j = k + 1; j < n; j++)
                p[i] += AT(i, j) * v[j];
            p[i] *= 2 / square;
            inner += p[i] * v[i];
        }
        for (int i = k + 1; i < n; i++)
            p[i] -= inner / square * v[i];
        for (int j = k + 1; j < n; j++)
            for (int i = k + 1; i < n; i++)
                AT(i, j) -= v[i] * p[j] + p[i] * v[j];
        AT(k + 1, k) = AT(k, k + 1) = alpha;
    }
    for (int i = 0; i < n; i++) {
        d[i] = AT(i, i);
        e[i] = i + 1 < n ? AT(i + 1, i) : 0;
    }
    for (int l = 0; l < n; l++)
        for (int round = 0; round < 200; round++) {
            int m = l;
            while (m + 1 < n && fabs(e[m]) > 1e-17 * (fabs(d[m]) + fabs(d[m + 1])))
                m++;
            if (m == l)
                break;
            double g = (d[l + 1] - d[l]) / (2 * e[l]), r = hypot(g, 1);
            g = d[m] - d[l] + e[l] / (g + (g < 0 ? -r : r));
            double s = 1, c = 1, q = 0;
            int i = m - 1;
            for (; i >= l; i--) {
                double f = s * e[i], b = c * e[i];
                e[i + 1] = r = hypot(f, g);
                if (r == 0) {
                    d[i + 1] -= q;
                    e[m] = 0;
                    break;
                }
                s = f / r;
                c = g / r;
                g = d[i + 1] - q;
                r = (d[i] - g) * s + 2 * c * b;
                q = s * r;
                d[i + 1] = g + q;
                g = c * r - b;
            }
            if (r == 0 && i >= l)
                continue;
            d[l] -= q;
            e[l] = g;
            e[m] = 0;
        }
    free(e);
    free(v);
    free(p);
    qsort(d, n, sizeof *d, ascending);
    if (wrong("eigenvalue"))
        d[n / 2] *= 1.001;
    if (wrong("turned") && n > 2) {
        /* Three of them turned about (1, 1, 1): their sum and that of their squares stay. */
        double *x = d + n / 2 - 1, mean = (x[0] + x[1] + x[2]) / 3, t = 1e-3;
        double y[3] = {x[0] - mean, x[1] - mean, x[2] - mean};
        for (int i = 0; i < 3; i++)
            x[i] = mean + y[i] * cos(t) + (y[(i + 2) % 3] - y[(i + 1) % 3]) / sqrt(3) * sin(t);
    }
    if (wrong("nan"))
        d[n / 2] = NAN;
}

cusolverStatus_t cusolverDnDsyevd_bufferSize(cusolverDnHandle_t handle, cusolverEigMode_t jobz,
                                             cublasFillMode_t uplo, int n, const double *A, int lda,
                                             const double *W, int *lwork) {
    (void)n, (void)A, (void)lda, (void)W;
    *lwork = 7;
    return handle != (cusolverDnHandle_t)&a_handle || jobz != 0 || uplo != 0;
}

cusolverStatus_t cusolverDnDsyevd(cusolverDnHandle_t handle, cusolverEigMode_t jobz,
                                  cublasFillMode_t uplo, int n, double *A, int lda, double *W,
                                  double *work, int lwork, int *info) {
    FAIL("cusolverDnDsyevd", 7);
    if (handle != (cusolverDnHandle_t)&a_handle || jobz != 0 || uplo != 0 || lwork != 7)
        return 3;
    matrix++;
    work[lwork - 1] = 0;
    eigenvalues(n, A, lda, W);
    *info = wrong("word") ? 3 : 0;
    return 0;
}

#ifndef WITHOUT_WIDE
cusolverStatus_t cusolverDnCreateParams(cusolverDnParams_t *params) {
    *params = (cusolverDnParams_t)&a_handle;
    return 0;
}

cusolverStatus_t cusolverDnDestroyParams(cusolverDnParams_t params) {
    return params != (cusolverDnParams_t)&a_handle;
}

cusolverStatus_t cusolverDnXsyevd_bufferSize(cusolverDnHandle_t handle, cusolverDnParams_t params,
                                             cusolverEigMode_t jobz, cublasFillMode_t uplo,
                                             int64_t n, cudaDataType dataTypeA, const void *A,
                                             int64_t lda, cudaDataType dataTypeW, const void *W,
                                             cudaDataType computeType,
                                             size_t *workspaceInBytesOnDevice,
                                             size_t *workspaceInBytesOnHost) {
    (void)n, (void)A, (void)lda, (void)W, (void)params;
    *workspaceInBytesOnDevice = 40;
    *workspaceInBytesOnHost = 9;
    return handle != (cusolverDnHandle_t)&a_handle || jobz != 0 || uplo != 0 || dataTypeA != 1 ||
           dataTypeW != 1 || computeType != 1;
}

cusolverStatus_t cusolverDnXsyevd(cusolverDnHandle_t handle, cusolverDnParams_t params,
                                  cusolverEigMode_t jobz, cublasFillMode_t uplo, int64_t n,
                                  cudaDataType dataTypeA, void *A, int64_t lda,
                                  cudaDataType dataTypeW, void *W, cudaDataType computeType,
                                  void *bufferOnDevice, size_t workspaceInBytesOnDevice,
                                  void *bufferOnHost, size_t workspaceInBytesOnHost, int *info) {
    FAIL("cusolverDnXsyevd", 7);
    if (handle != (cusolverDnHandle_t)&a_handle || params != (cusolverDnParams_t)&a_handle ||
        jobz != 0 || uplo != 0 || dataTypeA != 1 || dataTypeW != 1 || computeType != 1 ||
        workspaceInBytesOnDevice != 40 || workspaceInBytesOnHost != 9)
        return 3;
    matrix++;
    memset(bufferOnDevice, 1, workspaceInBytesOnDevice);
    memset(bufferOnHost, 1, workspaceInBytesOnHost);
    eigenvalues((int)n, A, (int)lda, W);
    *info = wrong("word") ? 3 : 0;
    return 0;
}
#endif
