/** Turns whatever went wrong in a load function into words for the error page. */
import type { HandleClientError } from '@sveltejs/kit';
import { ApiError } from '$lib/api/client';

export const handleError: HandleClientError = ({ error, status, message }) => {
  if (error instanceof ApiError) return { message: error.message, status: error.status };
  if (status !== 404) console.error(error);
  return { message, status };
};
